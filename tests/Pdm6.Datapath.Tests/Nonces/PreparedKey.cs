using Pdm6.Security;

namespace Pdm6.Datapath.Tests.Nonces;

/// <summary>As an agent's source of numbers.</summary>
internal sealed class PreparedKey(PreparedNumbers numbers) : INumberSource
{
    public void WriteProducts(Span<byte> products) => numbers.WriteProducts(products);

    public void WriteNumbers(uint firstPsntp, Span<byte> destination) => numbers.WriteNumbers(firstPsntp, destination);

    public void Dispose() => numbers.Dispose();
}
