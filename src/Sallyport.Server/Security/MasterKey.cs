using System.Security.Cryptography;
using System.Text;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Security;

/// <summary>The 32 bytes that seal the key ring.</summary>
internal sealed class MasterKey
{
    public const int Length = 32;

    private readonly byte[] material;

    public MasterKey(byte[] material)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(material.Length, Length);
        this.material = material;
    }

    public ReadOnlySpan<byte> Material => material;

    /// <summary>The same for the same key. It tells nothing else about the key.</summary>
    public string Fingerprint => Convert.ToHexStringLower(HMACSHA256.HashData(material, "sallyport master key"u8))[..32];

    /// <returns>Null if the text is not the base64 of a key.</returns>
    public static MasterKey? TryParse(string text)
    {
        var material = new byte[Length];
        return Convert.TryFromBase64String(text.Trim(), material, out var length) && length == Length ? new MasterKey(material) : null;
    }

    public override string ToString() => "***";
}

/// <summary>
/// Where the master key comes from: the setting <c>Sallyport:Keys:Master</c>, or else the file <c>master.key</c> in the data
/// directory, which only its owner may read. The file is created on the first start.
/// </summary>
internal sealed class MasterKeySource
{
    private const string SettingName = "Sallyport:Keys:Master";
    private const string FileName = "master.key";
    private const string Restore = $"Restore the file that belongs to this database, or set {SettingName} to its content";

    private readonly MasterKey? configured;
    private readonly string path;

    private MasterKeySource(MasterKey? configured, string path) => (this.configured, this.path) = (configured, path);

    public static MasterKeySource FromConfiguration(byte[] material) => new(new MasterKey(material), "");

    public static MasterKeySource FromFile(string dataDirectory) => new(null, PathIn(dataDirectory));

    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, FileName);

    /// <summary>Null if the key is a setting.</summary>
    public string? KeyFile => configured is null ? path : null;

    /// <summary>
    /// Reads the key. While nothing is sealed with it, a missing or empty file gets a new key. The caller holds the startup lock, so
    /// only one node does that.
    /// </summary>
    /// <param name="isInUse">The database holds keys that were sealed with the master key.</param>
    /// <exception cref="SchemaException">There is no key, or the file does not hold one.</exception>
    public MasterKey Load(bool isInUse)
    {
        if (configured is not null)
        {
            return configured;
        }

        if (Read() is null or "")
        {
            Replace(isInUse);
        }

        return MasterKey.TryParse(Read() ?? "") ?? throw new SchemaException($"The key file {path} is damaged. {Restore}");
    }

    /// <summary>The fault if the key does not open the keys of the database.</summary>
    public SchemaException Mismatch() => configured is not null
        ? new SchemaException($"This database was sealed with another key than {SettingName}. Set it to the key of this database")
        : new SchemaException($"This database was sealed with another key than the one in {path}. {Restore}");

    private string? Read() => File.Exists(path) ? File.ReadAllText(path).Trim() : null;

    private void Replace(bool isInUse)
    {
        var exists = File.Exists(path);
        if (isInUse)
        {
            throw new SchemaException($"This database was sealed with another key: the key file {path} is {(exists ? "empty" : "missing")}. {Restore}");
        }

        // Written in full before it gets its name, so that a crash leaves no half of a key.
        var temporary = $"{path}.{Tokens.NewHex(8)}";
        using (var stream = PrivateFiles.Create(temporary, FileMode.CreateNew))
        {
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Length))));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: exists);
    }
}
