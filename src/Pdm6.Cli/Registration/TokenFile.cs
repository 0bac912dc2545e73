using System.Security.Cryptography;
using System.Text;
using Pdm6.Security.Files;

namespace Pdm6.Cli.Registration;

/// <summary>Reads the token that an operator handed out. It never comes as an argument: those are for everybody to
/// see.</summary>
internal static class TokenFile
{
    private const int LongestToken = 4096;

    /// <param name="path">The file; "-" is standard input.</param>
    internal static string Read(string path)
    {
        string token = path == "-" ? Console.In.ReadLine() ?? "" : ReadFile(path);
        return token.Trim() is { Length: > 0 } text
            ? text
            : throw new WrongUseException($"Token file '{path}' is empty: ask the operator for a token.");
    }

    private static string ReadFile(string path)
    {
        Span<byte> content = stackalloc byte[LongestToken + 1];
        try
        {
            int size = PrivateFile.Read("Token file", path, content);
            return size <= LongestToken
                ? Encoding.UTF8.GetString(content[..size])
                : throw new WrongUseException($"Token file '{path}' is longer than a token: name the file that the operator handed out.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }
}
