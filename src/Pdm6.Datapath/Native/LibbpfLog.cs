using System.Runtime.InteropServices;
using System.Text;

namespace Pdm6.Datapath.Native;

/// <summary>
/// Keeps libbpf off standard error. While a thread is capturing, libbpf's warnings go to its buffer, else nowhere:
/// their errors come back as error numbers as well.
/// </summary>
internal static unsafe class LibbpfLog
{
    private const int WarningLevel = 0;

    [ThreadStatic]
    private static StringBuilder? s_captured;

    /// <summary>Takes libbpf's output over, for the whole process.</summary>
    internal static void Silence() => Libbpf.libbpf_set_print(&Print);

    /// <summary>Runs <paramref name="action"/> and returns the warnings that libbpf printed in it.</summary>
    internal static (T Result, string Warnings) Capture<T>(Func<T> action)
    {
        Silence();
        s_captured = new StringBuilder();
        try
        {
            T result = action();
            return (result, s_captured.ToString());
        }
        finally
        {
            s_captured = null;
        }
    }

    // A va_list argument is a pointer in the calling conventions of x86-64 and of arm64, so it passes through as one.
    [UnmanagedCallersOnly]
    private static int Print(int level, byte* format, void* arguments)
    {
        if (level != WarningLevel || s_captured is null)
            return 0;
        byte* line = stackalloc byte[1024];
        int length = Libc.vsnprintf(line, 1024, format, arguments);
        s_captured.Append(Encoding.UTF8.GetString(line, Math.Clamp(length, 0, 1023)));
        return length;
    }
}
