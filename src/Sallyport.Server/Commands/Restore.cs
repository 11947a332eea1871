using System.Text.Json;
using Sallyport.Server.Configuration;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Storage.PostgreSql;

namespace Sallyport.Server.Commands;

/// <summary>The command <c>restore FOLDER</c>: restores a backup into an empty data directory and, with PostgreSQL, an empty database.</summary>
internal sealed record Restore(string Folder) : ICommand
{
    public string Name => "restore";

    public bool NeedsDatabase => false;

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var manifest = BackupManifest.Read(Folder);
        CheckVersion(manifest, context.Options);
        await CheckEmptyAsync(context, manifest, cancellationToken);
        await CheckFilesAsync(context, manifest, cancellationToken);
        CheckKey(manifest, context.Options);
        await WriteAsync(context, manifest, cancellationToken);
        context.Output.Line($"Restored the backup of {Printed.Time(manifest.CreatedAt)}. Start the server with Sallyport:PublicUrl {manifest.PublicUrl}.");
        context.Output.Json(JsonSerializer.SerializeToNode(manifest, BackupJson.Default.BackupManifest)!);
        return 0;
    }

    private static void CheckVersion(BackupManifest manifest, SallyportOptions options)
    {
        if (manifest.Engine != options.Storage.ToString())
        {
            throw new CommandException($"the backup is one of {manifest.Engine}, and Sallyport:Storage is {options.Storage}; set it to {manifest.Engine}");
        }

        if (manifest.Schema > Migration.For(options.Storage)[^1].Version)
        {
            throw new CommandException($"the backup was made by the newer version {manifest.Version}; restore it with that version");
        }
    }

    private static async Task CheckEmptyAsync(CommandContext context, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var database = StorageServices.SqlitePath(options.DataDirectory);
        string[] files = options.Storage == Engine.Sqlite ? [database, database + "-wal", database + "-shm"] : [];
        string[] keyFiles = manifest.HasKeyFile && options.MasterKey is null ? [MasterKeySource.PathIn(options.DataDirectory)] : [];
        if (files.Concat(keyFiles).FirstOrDefault(File.Exists) is { } existing)
        {
            throw new CommandException($"{existing} exists; give an empty data directory with --Sallyport:DataDirectory");
        }

        if (options.Storage == Engine.PostgreSql && await CountTablesAsync(context.Get<Database>(), cancellationToken) > 0)
        {
            throw new CommandException("the database of ConnectionStrings:Sallyport is not empty; create a new one and give it");
        }
    }

    private static async Task<long> CountTablesAsync(Database database, CancellationToken cancellationToken) => (await database.QueryAsync(
        new Statement("SELECT count(*) FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"),
        row => row.GetInt64(0),
        cancellationToken))[0];

    private async Task CheckFilesAsync(CommandContext context, BackupManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            await context.Output.ShowProgressAsync("Checking the backup", async progress =>
            {
                foreach (var expected in manifest.Files)
                {
                    if (await BackupFile.ReadAsync(Folder, expected.Name, progress, cancellationToken) != expected)
                    {
                        throw new CommandException($"{Path.Combine(Folder, expected.Name)} is damaged: its checksum is not that of {BackupManifest.FileName}");
                    }
                }
            });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{Folder} cannot be read: {exception.Message}");
        }
    }

    private void CheckKey(BackupManifest manifest, SallyportOptions options)
    {
        if (options.MasterKey is null && !manifest.HasKeyFile)
        {
            throw new CommandException("the backup does not contain its master key; set Sallyport:Keys:Master to the key of the server that was backed up");
        }

        var key = options.MasterKey is { } configured
            ? new MasterKey(configured)
            : MasterKey.TryParse(File.ReadAllText(Path.Combine(Folder, BackupManifest.KeyFile)));
        if (key?.Fingerprint != manifest.KeyFingerprint)
        {
            throw new CommandException(options.MasterKey is null
                ? $"{BackupManifest.KeyFile} of the backup is not its master key"
                : "Sallyport:Keys:Master is not the master key of this backup; set it to the key of the server that was backed up");
        }
    }

    private async Task WriteAsync(CommandContext context, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var options = context.Options;
        var written = new List<string>();
        var isComplete = false;
        try
        {
            PrivateFiles.CreateDirectory(options.DataDirectory);
            if (manifest.HasKeyFile && options.MasterKey is null)
            {
                await CopyAsync(BackupManifest.KeyFile, MasterKeySource.PathIn(options.DataDirectory), written, cancellationToken);
            }

            await context.Output.ShowProgressAsync("Restoring the database", _ => options.Storage == Engine.Sqlite
                ? CopyAsync(BackupManifest.SqliteFile, StorageServices.SqlitePath(options.DataDirectory), written, cancellationToken)
                : RunPgRestoreAsync(options.ConnectionString!, cancellationToken));
            isComplete = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{options.DataDirectory} cannot be written: {exception.Message}");
        }
        finally
        {
            if (!isComplete)
            {
                written.ForEach(File.Delete);
            }
        }
    }

    /// <summary>The file gets its name when it is complete.</summary>
    private async Task CopyAsync(string name, string path, List<string> written, CancellationToken cancellationToken)
    {
        var temporary = path + ".restoring";
        written.Add(temporary);
        await using (var source = File.OpenRead(Path.Combine(Folder, name)))
        await using (var target = PrivateFiles.Create(temporary, FileMode.Create))
        {
            await source.CopyToAsync(target, cancellationToken);
            target.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: false);
        written[^1] = path;
    }

    private async Task RunPgRestoreAsync(string connectionString, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--no-password",
            "--dbname=" + PostgreSqlTools.DatabaseOf(connectionString), Path.Combine(Folder, BackupManifest.PostgreSqlFile),
        ];
        if (await PostgreSqlTools.RunAsync("pg_restore", arguments, connectionString, cancellationToken) is { } fault)
        {
            throw new CommandException(fault);
        }
    }
}
