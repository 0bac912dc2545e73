namespace Pdm6.Lab;

/// <summary>Adds up one kind of traffic, from any thread.</summary>
internal sealed class TrafficTally(string name)
{
    private const int KeptRemarks = 5;
    private readonly List<string> _remarks = [];
    private long _requests;
    private long _unanswered;
    private long _errors;

    internal void Add(long requests, long unanswered = 0, long errors = 0, string? remark = null)
    {
        lock (_remarks)
        {
            _requests += requests;
            _unanswered += unanswered;
            _errors += errors;
            if (!string.IsNullOrWhiteSpace(remark) && _remarks.Count < KeptRemarks)
                _remarks.Add(remark.Trim());
        }
    }

    internal TrafficReport Report()
    {
        lock (_remarks)
            return new TrafficReport(name, _requests, _unanswered, _errors, [.. _remarks]);
    }
}
