namespace Pdm6.Wire.Tests.Packets;

public class NextHeaderTests
{
    [Fact]
    public void HasPorts_EveryProtocol_AreTheFiveOfTheProtocolReference() => Assert.Equal(
        [6, 17, 33, 132, 136], Enumerable.Range(0, 256).Where(protocol => NextHeader.HasPorts((byte)protocol)));

    [Fact]
    public void IsExtensionHeader_EveryProtocol_AreThoseThatIanaLists() => Assert.Equal(
        [0, 43, 44, 50, 51, 60, 135, 139, 140], Enumerable.Range(0, 256).Where(protocol => NextHeader.IsExtensionHeader((byte)protocol)));
}
