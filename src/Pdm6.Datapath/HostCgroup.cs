using System.Runtime.InteropServices;
using System.Text;
using Pdm6.Datapath.Native;

namespace Pdm6.Datapath;

/// <summary>Finds control groups (cgroup v2) of this host.</summary>
public static class HostCgroup
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint WantsInode = 0x100; // STATX_INO
    private const int StatusSize = 256, InodeOffset = 32; // struct statx

    /// <summary>Where cgroup v2 is mounted; null: nowhere.</summary>
    public static string? MountPoint => File.ReadLines("/proc/self/mountinfo")
        .Select(line => line.Split(' '))
        .Where(fields => Array.IndexOf(fields, "-") is > 4 and var dash && dash + 1 < fields.Length && fields[dash + 1] == "cgroup2")
        .Select(fields => fields[4])
        .FirstOrDefault();

    /// <summary>Looks a group up by its path below the mount point, such as <c>/system.slice/nginx.service</c>; null if it
    /// is not there.</summary>
    public static ControlGroup? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return MountPoint is { } mount && InodeOf($"{mount}/{string.Join('/', names)}") is { } id ? new ControlGroup(id, names.Length) : null;
    }

    private static unsafe ulong? InodeOf(string path)
    {
        if (!Directory.Exists(path))
            return null;
        Span<byte> status = stackalloc byte[StatusSize];
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'), pointer = status)
            return Libc.statx(CurrentDirectory, name, 0, WantsInode, pointer) == 0
                ? MemoryMarshal.Read<ulong>(status[InodeOffset..])
                : null;
    }
}
