using Pdm6.Datapath;

namespace Pdm6.EndToEnd.Tests.Policy;

/// <summary>A <see cref="RootFactAttribute"/> that makes control groups: skipped where cgroup v2 is not mounted.</summary>
public sealed class CgroupFactAttribute : FactAttribute
{
    public CgroupFactAttribute() => Skip = new RootFactAttribute().Skip
        ?? (HostCgroup.MountPoint is null ? "makes control groups: mount cgroup v2 ('mount -t cgroup2 cgroup2 DIRECTORY')" : null);
}
