using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Pdm6.Datapath.Abi;
using Pdm6.Datapath.Native;
using Pdm6.Wire;

namespace Pdm6.Datapath.Tests;

/// <summary>The structs and enums here against the header that the kernel programs are compiled with.</summary>
public partial class AbiLayoutTests
{
    private static readonly string s_header = ReadHeader("pdm6_abi.h") + ReadHeader("pdm6_abi_requests.h");

    public static TheoryData<Type> MirroredStructs =>
        [.. typeof(AbiStructAttribute).Assembly.GetTypes().Where(type => type.GetCustomAttribute<AbiStructAttribute>() is not null)];

    [Theory]
    [MemberData(nameof(MirroredStructs))]
    public void Struct_AgainstBtf_HasSameSizeMembersAndOffsets(Type mirror)
    {
        string name = mirror.GetCustomAttribute<AbiStructAttribute>()!.Name;
        using BpfObject programs = TestObjects.Open("abi_layout.bpf.o");

        ObjectBtf.Layout? layout = new ObjectBtf(programs.Btf).FindStruct(name);

        Assert.True(layout is not null, $"struct {name} is not in abi_layout.bpf.c");
        Assert.Equal(layout.Size, Marshal.SizeOf(mirror));
        Assert.Equal(layout.OffsetByMember.OrderBy(member => member.Value), OffsetsOf(mirror).OrderBy(member => member.Value));
    }

    [Fact]
    public void Header_EveryStruct_IsMirrored()
    {
        IEnumerable<string> inHeader = StructDefinition().Matches(s_header).Select(match => match.Groups[1].Value);
        IEnumerable<string> mirrored = typeof(AbiStructAttribute).Assembly.GetTypes()
            .Select(type => type.GetCustomAttribute<AbiStructAttribute>()?.Name).OfType<string>();

        Assert.Equal(inHeader.Order(), mirrored.Order());
    }

    [Theory]
    [InlineData("pdm6_reason", typeof(PacketOutcome))]
    [InlineData("pdm6_verdict", typeof(ObservationVerdict))]
    [InlineData("pdm6_record_kind", typeof(AbiRecordKind))]
    [InlineData("pdm6_carriage", typeof(PacketCarriage))]
    [InlineData("pdm6_lost_forms", typeof(LostForms))]
    [InlineData("pdm6_rule_flags", typeof(AbiRuleFlags))]
    [InlineData("pdm6_dimension", typeof(AbiDimensions))]
    public void Enum_AgainstTheHeader_HasSameNamesAndValues(string name, Type mirror)
    {
        Assert.Equal(HeaderEnum(name), Enum.GetNames(mirror).Select(member => (member, Convert.ToInt32(Enum.Parse(mirror, member)))));
    }

    [Theory]
    [InlineData("PDM6_MAX_RULES", AbiLimits.MaxRules)]
    [InlineData("PDM6_CGROUP_LEVELS", AbiLimits.CgroupLevels)]
    [InlineData("PDM6_NO_RULE", AbiLimits.NoRule)]
    [InlineData("PDM6_PORTLESS", AbiLimits.Portless)]
    [InlineData("PDM6_OPTION_SIZE", AbiLimits.OptionSize)]
    [InlineData("PDM6_LANES", AbiLimits.Lanes)]
    [InlineData("PDM6_LANE_NUMBERS", AbiLimits.LaneNumbers)]
    [InlineData("PDM6_FILTER_BITS", AbiLimits.FilterBits)]
    [InlineData("PDM6_BUSY_AFTER", AbiLimits.BusyAfter)]
    [InlineData("PDM6_PATHS", AbiLimits.Paths)]
    [InlineData("PDM6_PATH_PORT", AbiLimits.PathPort)]
    public void Constant_AgainstTheHeader_IsTheSame(string name, int value)
    {
        string text = Regex.Match(s_header, $@"#define {name} (\S+)").Groups[1].Value;

        Assert.Equal(value, text.StartsWith("0x", StringComparison.Ordinal) ? Convert.ToInt32(text, 16) : int.Parse(text));
    }

    [Fact]
    public void VerdictCount_AgainstTheEnum_CoversEveryVerdict() =>
        Assert.Equal(AbiIngressCounters.VerdictCount, Enum.GetValues<ObservationVerdict>().Length);

    [Fact]
    public void NoRule_AgainstTheWireValue_IsTheSame() => Assert.Equal(AbiLimits.NoRule, Observation.NoRule);

    private static Dictionary<string, int> OffsetsOf(Type mirror) =>
        mirror.GetFields(BindingFlags.Instance | BindingFlags.Public)
            .ToDictionary(field => SnakeCase(field.Name), field => (int)Marshal.OffsetOf(mirror, field.Name));

    private static string SnakeCase(string pascalCase) =>
        string.Concat(pascalCase.Select((letter, i) => char.IsUpper(letter) && i > 0 ? "_" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));

    private static IEnumerable<(string, int)> HeaderEnum(string name)
    {
        string body = Regex.Match(s_header, $@"enum {name} \{{(.*?)\}};", RegexOptions.Singleline).Groups[1].Value;
        int next = 0;
        foreach (Match member in EnumMember().Matches(CComment().Replace(body, "")))
        {
            if (member.Groups[2].Success)
                next = int.Parse(member.Groups[2].Value);
            string cName = member.Groups[1].Value;
            if (cName is not ("REASONS" or "VERDICTS" or "CARRIAGES"))
                yield return (CSharpName(cName), next++);
        }
    }

    private static string CSharpName(string cName) => cName switch
    {
        "NO_RECEIVING_KEY" => nameof(ObservationVerdict.NoKey), // the header needs another name than the reason NO_KEY
        _ => string.Concat(cName.Split('_').Select(word => word[0] + word[1..].ToLowerInvariant())),
    };

    private static string ReadHeader(string name)
    {
        using StreamReader reader = new(typeof(AbiLayoutTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^struct (\w+) \{", RegexOptions.Multiline)]
    private static partial Regex StructDefinition();

    [GeneratedRegex(@"PDM6_(\w+)(?: = (\d+))?,")]
    private static partial Regex EnumMember();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex CComment();
}
