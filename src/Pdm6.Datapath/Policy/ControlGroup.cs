namespace Pdm6.Datapath;

/// <summary>A control group (cgroup v2), as the kernel knows it.</summary>
/// <param name="Id">What <c>bpf_skb_ancestor_cgroup_id</c> returns: the inode number of its directory.</param>
/// <param name="Level">How deep it is: 0 the root.</param>
public readonly record struct ControlGroup(ulong Id, int Level);
