using System.Diagnostics;
using Npgsql;
using Sallyport.Server.Storage;
using Sallyport.Server.Storage.PostgreSql;
using Sallyport.Server.Tests.Hosting;

[assembly: AssemblyFixture(typeof(PostgreSqlCluster))]

namespace Sallyport.Server.Tests.Hosting;

/// <summary>
/// A separate PostgreSQL for one test run, on a Unix socket in a temporary directory. If PostgreSQL is not installed, its tests
/// are skipped, or fail with <c>CI=true</c>.
/// </summary>
public sealed class PostgreSqlCluster : IAsyncDisposable
{
    private static readonly SemaphoreSlim Starting = new(1, 1);
    private static readonly Lazy<Task<string>> Template = new(CreateTemplateAsync);
    private static string? directory;
    private static int databases;

    /// <returns>The connection string of a new, empty database.</returns>
    public static Task<string> CreateDatabaseAsync() => CreateDatabaseAsync("template1");

    /// <returns>The connection string of a new database with the tables of this version. To copy them takes less than to create them.</returns>
    public static async Task<string> CreateMigratedDatabaseAsync() => await CreateDatabaseAsync(await Template.Value);

    private static async Task<string> CreateDatabaseAsync(string template)
    {
        await StartOnceAsync();
        var name = $"t{Interlocked.Increment(ref databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE {template}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <returns>The name of a database with the tables of this version, to which nobody is connected.</returns>
    private static async Task<string> CreateTemplateAsync()
    {
        var connectionString = await CreateDatabaseAsync();
        await using (var database = new PostgreSqlDatabase(connectionString))
        {
            await new Migrator(database, new ManualClock()).MigrateAsync(CancellationToken.None);
        }

        return new NpgsqlConnectionStringBuilder(connectionString).Database!;
    }

    /// <summary>Checks every table and index of a database with <c>pg_amcheck</c>.</summary>
    /// <returns>The errors that were found.</returns>
    public static async Task<string> CheckAsync(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        var start = new ProcessStartInfo(
            Path.Combine(FindBinaries()!, "pg_amcheck"),
            ["--install-missing", "--heapallindexed", "--parent-check", "-h", directory!, "-U", "postgres", "-d", name])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : await output + await errors;
    }

    public async ValueTask DisposeAsync()
    {
        if (directory is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await RunAsync("pg_ctl", "-D", $"{directory}/data", "-m", "immediate", "-s", "stop");
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string ConnectionString(string database) =>
        $"Host={directory};Username=postgres;Database={database};Maximum Pool Size=64";

    private static async Task StartOnceAsync()
    {
        await Starting.WaitAsync();
        try
        {
            if (directory is null)
            {
                var made = FindBinaries() is null ? Missing() : Directory.CreateTempSubdirectory("sallyport-pg").FullName;
                await StartAsync(made);
                directory = made;
            }
        }
        finally
        {
            Starting.Release();
        }
    }

    private static string Missing()
    {
        const string Reason = "PostgreSQL is not installed (on Debian: apt-get install postgresql).";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(Reason);
        }

        Assert.Skip(Reason);
        return "";
    }

    private static async Task StartAsync(string made)
    {
        if (Environment.UserName == "root")
        {
            // initdb refuses to run as root; the binaries run as the user that Debian's package creates.
            await RunAsync("chown", "postgres:", made);
        }

        await RunAsync("initdb", "-D", $"{made}/data", "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8");
        var options = $"-c listen_addresses='' -c unix_socket_directories='{made}' -c fsync=off -c synchronous_commit=off "
            + "-c full_page_writes=off -c max_connections=300";
        await RunAsync("pg_ctl", "-D", $"{made}/data", "-l", $"{made}/log", "-w", "-s", "start", "-o", options);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var isOurs = program is "initdb" or "pg_ctl";
        var path = isOurs ? Path.Combine(FindBinaries()!, program) : program;
        string[] prefix = isOurs && Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", path] : [path];
        // The output is discarded: a child must not write to our own output, which the test runner reads, and the server that
        // pg_ctl starts would keep a pipe open.
        using var process = Process.Start("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", .. prefix, .. arguments]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}");
        }
    }

    private static string? FindBinaries() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
                .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
}
