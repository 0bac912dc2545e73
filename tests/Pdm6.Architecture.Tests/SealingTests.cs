using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using Pdm6.Security;

namespace Pdm6.Architecture.Tests;

/// <summary>
/// Nobody can seal under a nonce of his choice (docs/nonces.md): what takes one is internal to Security, few can see
/// that, and no other room has such a cipher of its own.
/// </summary>
public class SealingTests
{
    private static readonly Assembly s_security = typeof(FrameSealer).Assembly;

    [Fact]
    public void SecurityInternals_WhoSeesThem_AreTheCodecAndTests() => Assert.Equal(
        ["Pdm6.Codec", "Pdm6.Codec.Tests", "Pdm6.Security.Tests", "pdm6-fuzz"],
        s_security.GetCustomAttributes<InternalsVisibleToAttribute>()
            .Select(attribute => attribute.AssemblyName).Order(StringComparer.Ordinal));

    [Fact]
    public void PublicSealing_OfSecurity_IsThatOfFramesAndOfHpke()
    {
        MethodInfo[] sealing =
            [.. PublicMethods().Where(method => method.ReturnType != typeof(FrameSealer) && !method.IsSpecialName && IsAboutSealing(method.Name))];
        Assert.Equal(
            ["FrameSealer.TrySeal", "Hpke.SealBase", "HpkeSender.Seal", "SealedAnnouncement.Seal", "SealedGrant.Seal"],
            sealing.Select(NameOf).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(
            sealing.SelectMany(method => method.GetParameters()),
            parameter => parameter.Name!.Contains("nonce", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Two HPKE contexts with one ephemeral key would seal under the same keys and nonces.</summary>
    [Fact]
    public void PublicWaysToAnHpkeSender_OfSecurity_TakeNoEphemeralKey()
    {
        MethodInfo[] ways = [.. PublicMethods().Where(method => method.ReturnType == typeof(HpkeSender))];
        Assert.Equal(
            ["HpkeSender.SetupAuth", "HpkeSender.SetupAuthPsk", "HpkeSender.SetupBase", "HpkeSender.SetupPsk"],
            ways.Select(NameOf).Order(StringComparer.Ordinal));
        Assert.All(ways.SelectMany(way => way.GetParameters()), parameter => Assert.DoesNotContain(
            "ephemeral", parameter.Name, StringComparison.OrdinalIgnoreCase));
        Assert.Empty(typeof(HpkeSender).GetConstructors());
    }

    [Theory]
    [MemberData(nameof(RoomTests.Rooms), MemberType = typeof(RoomTests))]
    public void Room_OtherThanSecurity_NamesNoEphemeralKey(string room)
    {
        const string unsafeWay = "UnsafeSetupWithExplicitEphemeral";
        Assert.NotNull(typeof(HpkeSender).GetMethod(unsafeWay, BindingFlags.NonPublic | BindingFlags.Static));
        Assert.DoesNotContain(unsafeWay, MembersReferencedBy(Assembly.Load(room)));
    }

    [Fact]
    public void PublicWaysToAFrameSealer_OfSecurity_AreAKeyFileAndAFreshContext() => Assert.Equal(
        ["FrameSealer.FromKeyFile(KeyFile)", "FrameSenderContext.Sealer(Ipv6Address, Ipv6Address, Int64)"],
        PublicMethods().Where(method => method.ReturnType == typeof(FrameSealer))
            .Select(method => $"{NameOf(method)}({string.Join(", ", method.GetParameters().Select(p => p.ParameterType.Name))})")
            .Order(StringComparer.Ordinal));

    /// <summary>Keys of udp-frames are for the kernel programs, and for test vectors: whoever counts from 1 under one must be
    /// alone with it.</summary>
    [Fact]
    public void FrameKeys_OfKeyDerivation_AreAskedForByTheAgentAndTheCodecOnly() => Assert.Equal(
        ["Pdm6.Agent", "Pdm6.Codec"],
        ((IEnumerable<object[]>)RoomTests.Rooms).Select(row => (string)row[0])
            .Where(room => MembersReferencedBy(Assembly.Load(room)).Contains(nameof(KeyDerivation.FrameKey))).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(RoomTests.Rooms), MemberType = typeof(RoomTests))]
    public void Room_OtherThanSecurity_HasNoAeadOfItsOwn(string room)
    {
        Assembly assembly = Assembly.Load(room);
        string[] ciphers = ["AesGcm", "AesCcm", "ChaCha20Poly1305"];
        IEnumerable<string> used = TypesReferencedBy(assembly)
            .Where(type => type.StartsWith("System.Security.Cryptography.", StringComparison.Ordinal))
            .Select(type => type[(type.LastIndexOf('.') + 1)..])
            .Intersect(ciphers);
        if (assembly == s_security)
            Assert.Contains("AesGcm", used); // the test can see them
        else
            Assert.Empty(used);
    }

    private static IEnumerable<MethodInfo> PublicMethods() => s_security.GetExportedTypes().SelectMany(type => type.GetMethods(
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly));

    private static bool IsAboutSealing(string name) =>
        name.Contains("Seal", StringComparison.Ordinal) || name.Contains("Encrypt", StringComparison.Ordinal);

    private static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    private static List<string> MembersReferencedBy(Assembly assembly)
    {
        using PEReader file = new(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        return [.. metadata.MemberReferences.Select(member => metadata.GetString(metadata.GetMemberReference(member).Name))];
    }

    private static List<string> TypesReferencedBy(Assembly assembly)
    {
        using PEReader file = new(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        return
        [
            .. metadata.TypeReferences.Select(metadata.GetTypeReference)
                .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"),
        ];
    }
}
