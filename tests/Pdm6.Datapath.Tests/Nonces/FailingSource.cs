namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>Makes no numbers, and no products either unless it is said.</summary>
internal sealed class FailingSource(bool hasProducts) : INumberSource
{
    internal bool IsDisposed { get; private set; }

    public void WriteProducts(Span<byte> products)
    {
        if (!hasProducts)
            throw new TimeoutException();
    }

    public void WriteNumbers(uint firstPsntp, Span<byte> numbers) => throw new TimeoutException();

    public void Dispose() => IsDisposed = true;
}
