using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Commands;

/// <summary>The file <c>manifest.json</c> of a backup. It is written last: a folder without it is no complete backup.</summary>
internal sealed record BackupManifest
{
    public const string FileName = "manifest.json";
    public const string SqliteFile = "sallyport.db";
    public const string PostgreSqlFile = "sallyport.dump";
    public const string KeyFile = "master.key";
    public const int CurrentFormat = 1;

    [JsonPropertyName("format")]
    public required int Format { get; init; }

    /// <summary>The version of the program that made the backup.</summary>
    [JsonPropertyName("version")]
    public required string Version { get; init; }

    [JsonPropertyName("engine")]
    public required string Engine { get; init; }

    /// <summary>The number of the last migration in the database.</summary>
    [JsonPropertyName("schema")]
    public required int Schema { get; init; }

    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("public_url")]
    public required string PublicUrl { get; init; }

    /// <summary>Tells whether a master key is the right one, and nothing else about it.</summary>
    [JsonPropertyName("master_key_fingerprint")]
    public required string KeyFingerprint { get; init; }

    [JsonPropertyName("files")]
    public required IReadOnlyList<BackupFile> Files { get; init; }

    [JsonIgnore]
    public bool HasKeyFile => Files.Any(file => file.Name == KeyFile);

    [JsonIgnore]
    public BackupFile DatabaseFile => Files.Single(file => file.Name != KeyFile);

    public static string DatabaseFileOf(Engine engine) => engine == Storage.Engine.Sqlite ? SqliteFile : PostgreSqlFile;

    /// <exception cref="CommandException">The folder is no complete backup, or this version cannot read it.</exception>
    public static BackupManifest Read(string folder)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(folder, FileName)), BackupJson.Default.BackupManifest);
            return manifest is { Format: CurrentFormat } && manifest.Files.Count(file => file.Name is SqliteFile or PostgreSqlFile) == 1
                && manifest.Files.All(file => file.Name is SqliteFile or PostgreSqlFile or KeyFile)
                ? manifest
                : throw new CommandException($"{folder} was made by another version: {FileName} has a format that this version does not know");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{folder} is not a complete backup: {exception.Message}");
        }
        catch (JsonException)
        {
            throw new CommandException($"{folder} is not a complete backup: {FileName} is damaged");
        }
    }

    public void Write(string folder)
    {
        using var stream = PrivateFiles.Create(Path.Combine(folder, FileName), FileMode.CreateNew);
        JsonSerializer.Serialize(stream, this, BackupJson.Default.BackupManifest);
        stream.Flush(flushToDisk: true);
    }
}

internal sealed record BackupFile(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("sha256")] string Sha256)
{
    private const int BufferLength = 1 << 20;

    /// <param name="progress">Gets the part that is read, from 0 to 1.</param>
    public static async Task<BackupFile> ReadAsync(string folder, string name, Action<double?> progress, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(Path.Combine(folder, name));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferLength];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            progress((double)stream.Position / stream.Length);
        }

        return new BackupFile(name, stream.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, Converters = [typeof(Http.InstantConverter)])]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
