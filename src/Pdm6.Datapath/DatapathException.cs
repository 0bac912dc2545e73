using System.Runtime.InteropServices;

namespace Pdm6.Datapath;

/// <summary>The kernel or this host refused something. The message is one line that says what, and what to do.</summary>
public sealed class DatapathException : Exception
{
    /// <summary>An error without more to tell.</summary>
    public DatapathException(string message) : base(message) { }

    /// <summary>An error caused by another.</summary>
    public DatapathException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>An error with the system's errno and, if a program was refused, what the verifier said.</summary>
    public DatapathException(string message, int errno, string details = "") : base(message)
    {
        Errno = errno;
        Details = details;
    }

    /// <summary>The system's error number; 0 if none was involved.</summary>
    public int Errno { get; }

    /// <summary>Log of the kernel's verifier and of libbpf, many lines; empty if there is none.</summary>
    public string Details { get; } = "";

    /// <summary>Throws if a system call or libbpf returned a negative errno; else passes the value on.</summary>
    internal static int ThrowIfNegative(int result, string action) =>
        result >= 0 ? result : throw FromErrno(-result, action);

    internal static DatapathException FromErrno(int errno, string action) =>
        new($"{action}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})", errno);
}
