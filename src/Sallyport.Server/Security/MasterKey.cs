using System.Security.Cryptography;

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
    public static MasterKey FromFile(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, FileName);
        if (!File.Exists(path))
        {
            Create(path);
        }

        return new MasterKey(Convert.FromBase64String(File.ReadAllText(path)));
    }

    private static void Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length))));
        stream.Flush(flushToDisk: true);
    }
}
