namespace Pdm6.Capture.Analysis;

/// <summary>Takes every sample while a capture is analyzed.</summary>
public interface ISampleSink
{
    /// <summary>Takes one.</summary>
    void Take(in FlowSample sample);
}
