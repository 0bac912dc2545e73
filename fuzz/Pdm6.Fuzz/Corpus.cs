using System.Security.Cryptography;

namespace Pdm6.Fuzz;

/// <summary>The committed inputs: a folder for each target, a file for each input, named by its content.</summary>
internal sealed class Corpus(string folder)
{
    /// <summary>The inputs of a target, in the order of their names.</summary>
    public IEnumerable<byte[]> Load(string target)
    {
        string path = Path.Combine(folder, target);
        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
            : [];
    }

    /// <summary>Adds an input to a target, if it is not there.</summary>
    public string Add(string target, byte[] input)
    {
        string path = Path.Combine(folder, target);
        Directory.CreateDirectory(path);
        string file = Path.Combine(path, Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 8)));
        if (!File.Exists(file))
            File.WriteAllBytes(file, input);
        return file;
    }
}
