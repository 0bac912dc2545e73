using Pdm6.Datapath;
using Pdm6.Security;

namespace Pdm6.Agent.Keys;

/// <summary>What the lanes of the datapath ask for, made by the room that has the cipher.</summary>
internal sealed class NumberSource(PreparedNumbers numbers) : INumberSource
{
    public void WriteProducts(Span<byte> products) => numbers.WriteProducts(products);

    public void WriteNumbers(uint firstPsntp, Span<byte> destination) => numbers.WriteNumbers(firstPsntp, destination);

    public void Dispose() => numbers.Dispose();
}
