using System.Text.Json;
using Sallyport.Server.Configuration;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Storage.PostgreSql;
using Sallyport.Server.Storage.Sqlite;

namespace Sallyport.Server.Commands;

/// <summary>
/// The command <c>backup FOLDER</c>: writes the database of one moment, the master key if it is a file, and a manifest. Servers may run
/// meanwhile.
/// </summary>
internal sealed record Backup(string Folder) : ICommand
{
    public string Name => "backup";

    public bool NeedsDatabase => false;

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (context.Options is { Storage: Engine.Sqlite } options && !File.Exists(StorageServices.SqlitePath(options.DataDirectory)))
        {
            throw new CommandException($"there is no database in {options.DataDirectory}; give the data directory with --Sallyport:DataDirectory");
        }

        var schema = await FindSchemaAsync(context, cancellationToken);
        var key = await OpenKeyAsync(context, cancellationToken);
        var manifest = await WriteAsync(context, schema, key, cancellationToken);
        context.Output.Line($"Backed up to {Folder}: {string.Join(", ", manifest.Files.Select(file => $"{file.Name} ({Printed.Size(file.Size)})"))}");
        context.Output.Line(manifest.HasKeyFile
            ? "The folder contains the master key: whoever has it can read all secrets in the database."
            : "The master key is not in the folder, because it is a setting. Without it nobody can restore the backup.");
        context.Output.Json(JsonSerializer.SerializeToNode(manifest, BackupJson.Default.BackupManifest)!);
        return 0;
    }

    private static async Task<int> FindSchemaAsync(CommandContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await context.Get<Migrator>().FindVersionAsync(cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (MissingTable.Is(exception))
        {
            throw new CommandException("the database is empty; no server has been started on it");
        }
    }

    /// <summary>A backup whose key does not open it would be worthless.</summary>
    private async Task<MasterKey> OpenKeyAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var tenant = CommandContext.CallOf(this).Tenant;
        var keys = await context.Get<Database>().ReadAsync(session => KeyStore.ListAsync(session, tenant, cancellationToken), cancellationToken);
        if (keys.Count == 0)
        {
            throw new CommandException("the database has no keys; no server has been started on it");
        }

        await context.Get<KeyRing>().StartAsync(cancellationToken);
        return context.Get<MasterKeySource>().Load(isInUse: true);
    }

    private async Task<BackupManifest> WriteAsync(CommandContext context, int schema, MasterKey key, CancellationToken cancellationToken)
    {
        var existed = Directory.Exists(Folder);
        if (File.Exists(Folder) || (existed && Directory.EnumerateFileSystemEntries(Folder).Any()))
        {
            throw new CommandException($"{Folder} is not empty; give a new folder for each backup");
        }

        var isComplete = false;
        try
        {
            PrivateFiles.CreateDirectory(Folder);
            var createdAt = context.Get<TimeProvider>().GetUtcNow();
            var files = await WriteFilesAsync(context, cancellationToken);
            var manifest = new BackupManifest
            {
                Format = BackupManifest.CurrentFormat,
                Version = ProductVersion.Text,
                Engine = context.Options.Storage.ToString(),
                Schema = schema,
                CreatedAt = createdAt,
                PublicUrl = context.Options.PublicUrl,
                KeyFingerprint = key.Fingerprint,
                Files = files,
            };
            manifest.Write(Folder);
            isComplete = true;
            return manifest;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
        {
            throw new CommandException($"{Folder} cannot be written: {exception.Message}");
        }
        finally
        {
            if (!isComplete && Directory.Exists(Folder))
            {
                DeleteFiles(existed);
            }
        }
    }

    private async Task<IReadOnlyList<BackupFile>> WriteFilesAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var name = BackupManifest.DatabaseFileOf(context.Options.Storage);
        var path = Path.Combine(Folder, name);
        // Created first, so that it has its permissions from the beginning.
        await PrivateFiles.Create(path, FileMode.CreateNew).DisposeAsync();
        await context.Output.ShowProgressAsync(
            "Copying the database", progress => CopyDatabaseAsync(context, path, progress, cancellationToken));
        BackupFile? database = null;
        await context.Output.ShowProgressAsync(
            "Reading the copy", async progress => database = await BackupFile.ReadAsync(Folder, name, progress, cancellationToken));
        if (context.Get<MasterKeySource>().KeyFile is not { } keyFile)
        {
            return [database!];
        }

        await using (var target = PrivateFiles.Create(Path.Combine(Folder, BackupManifest.KeyFile), FileMode.CreateNew))
        {
            await target.WriteAsync(await File.ReadAllBytesAsync(keyFile, cancellationToken), cancellationToken);
            target.Flush(flushToDisk: true);
        }

        return [database!, await BackupFile.ReadAsync(Folder, BackupManifest.KeyFile, _ => { }, cancellationToken)];
    }

    private static async Task CopyDatabaseAsync(CommandContext context, string path, Action<double?> progress, CancellationToken cancellationToken)
    {
        if (context.Get<Database>() is SqliteDatabase sqlite)
        {
            await sqlite.CopyAsync(path, progress, cancellationToken);
            return;
        }

        string[] arguments = ["--format=custom", "--no-password", "--file=" + path];
        if (await PostgreSqlTools.RunAsync("pg_dump", arguments, context.Options.ConnectionString!, cancellationToken) is { } fault)
        {
            throw new CommandException(fault);
        }
    }

    private void DeleteFiles(bool keepsFolder)
    {
        if (!keepsFolder)
        {
            Directory.Delete(Folder, recursive: true);
            return;
        }

        foreach (var file in Directory.EnumerateFiles(Folder).ToList())
        {
            File.Delete(file);
        }
    }
}
