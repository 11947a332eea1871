using System.Security.Cryptography;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Security;

/// <summary>The 32 bytes that seal the key ring. From configuration, else from a file that only its owner may read.</summary>
internal sealed class MasterKey
{
    public const int Length = 32;

    private const string FileName = "master.key";

    private readonly byte[] material;

    public MasterKey(byte[] material)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(material.Length, Length);
        this.material = material;
    }

    public ReadOnlySpan<byte> Material => material;

    public override string ToString() => "***";

    /// <summary>Reads the key file of a data directory, and makes it on the first start.</summary>
    /// <exception cref="SchemaException">The file does not hold a key.</exception>
    public static MasterKey FromFile(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, FileName);
        if (!File.Exists(path))
        {
            Create(path);
        }

        var material = new byte[Length];
        return Convert.TryFromBase64String(File.ReadAllText(path).Trim(), material, out var length) && length == Length
            ? new MasterKey(material)
            : throw new SchemaException(
                $"Sallyport:DataDirectory: the key file {path} is damaged; restore it, or set Sallyport:Keys:Master");
    }

    /// <summary>Servers that start together agree on the key of the first, and none reads half of it.</summary>
    private static void Create(string path)
    {
        var temporary = $"{path}.{Tokens.NewHex(8)}.tmp";
        Write(temporary);
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }
    }

    private static void Write(string path)
    {
        using var stream = PrivateFiles.Create(path, FileMode.CreateNew);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length))));
        stream.Flush(flushToDisk: true);
    }
}
