using System.Runtime.InteropServices;

namespace Pdm6.Datapath.Native;

// Option structs of libbpf 1.1. The first member is the struct's size: libbpf takes what it knows of it.
#pragma warning disable CS0649 // members that stay 0 are part of the layout

/// <summary>struct bpf_object_open_opts</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ObjectOpenOptions
{
    public nuint Size;
    public byte* ObjectName;
    public byte RelaxedMaps;
    public byte* PinRootPath;
    public uint Removed;
    public byte* KernelConfiguration;
    public byte* BtfPath;
    public byte* KernelLog;
    public nuint KernelLogSize;
    public uint KernelLogLevel;
}

/// <summary>struct bpf_map_create_opts</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MapCreateOptions
{
    public nuint Size;
    public uint BtfFd, BtfKeyTypeId, BtfValueTypeId, BtfVmlinuxValueTypeId;
    public uint InnerMapFd;
    public uint MapFlags;
    public ulong MapExtra;
    public uint NumaNode, InterfaceIndex;
}

/// <summary>struct bpf_test_run_opts</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TestRunOptions
{
    public nuint Size;
    public void* DataIn;
    public void* DataOut;
    public uint DataSizeIn, DataSizeOut;
    public void* ContextIn;
    public void* ContextOut;
    public uint ContextSizeIn, ContextSizeOut;
    public uint ReturnValue;
    public int Repeat;
    public uint DurationNs;
    public uint Flags, Cpu, BatchSize;
}

/// <summary>struct bpf_tc_hook</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TcHook
{
    public const int Ingress = 1, Egress = 2;

    public nuint Size;
    public int InterfaceIndex;
    public int AttachPoint;
    public uint Parent;
}

/// <summary>struct bpf_tc_opts</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TcOptions
{
    public nuint Size;
    public int ProgramFd;
    public uint Flags;
    public uint ProgramId;
    public uint Handle;
    public uint Priority;
}
