using System.Security.Cryptography;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Security;

/// <summary>The 32 bytes that seal the key ring. From configuration, else from a file that only its owner may read.</summary>
internal sealed class MasterKey
{
    public const int Length = 32;

    private const string FileName = "master.key";
    private const int MaxReads = 50;

    private static readonly TimeSpan ReadPause = TimeSpan.FromMilliseconds(20);

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

        for (var attempt = 1; ; attempt++)
        {
            var material = new byte[Length];
            if (Convert.TryFromBase64String(File.ReadAllText(path).Trim(), material, out var length) && length == Length)
            {
                return new MasterKey(material);
            }

            if (attempt == MaxReads)
            {
                throw new SchemaException(
                    $"Sallyport:DataDirectory: the key file {path} is damaged; restore it, or set Sallyport:Keys:Master");
            }

            // Another server may be writing it in this moment.
            Thread.Sleep(ReadPause);
        }
    }

    /// <summary>Servers that start together agree on the key of the first: only one can make the file. To move one there would look first and move then.</summary>
    private static void Create(string path)
    {
        try
        {
            using var stream = PrivateFiles.Create(path, FileMode.CreateNew);
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length))));
            stream.Flush(flushToDisk: true);
        }
        catch (IOException) when (File.Exists(path))
        {
            // It is there now.
        }
    }
}
