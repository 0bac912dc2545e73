namespace Pdm6.Collector.Windows;

/// <summary>
/// Names of groups and the small numbers that stand for them while packets are measured. Rule names come from outside,
/// so there is a bound: further ones share the group "other".
/// </summary>
internal sealed class GroupIndex
{
    /// <summary>The group of everything that no rule names.</summary>
    public const string Other = "other";

    /// <summary>The most groups, "other" included.</summary>
    public const int MostGroups = 256;

    /// <summary>What the measurement engine takes for "no group known": counted under <see cref="Other"/>.</summary>
    public const int NoTag = 0;

    private readonly List<string> _names = [Other];
    private readonly Dictionary<string, int> _tags = new(StringComparer.Ordinal) { [Other] = NoTag };

    /// <summary>Tags in use: 0 to this number exclusive.</summary>
    public int Count => _names.Count;

    /// <summary>The group's number; a new one if there is room.</summary>
    public int TagOf(string name)
    {
        if (_tags.TryGetValue(name, out int tag))
            return tag;
        if (_names.Count == MostGroups)
            return NoTag;
        _names.Add(name);
        return _tags[name] = _names.Count - 1;
    }

    /// <summary>The group's name.</summary>
    public string NameOf(int tag) => _names[tag];
}
