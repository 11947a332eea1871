using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Sallyport.Server.Storage.PostgreSql;

/// <summary>Runs the client programs of PostgreSQL with the connection of a connection string.</summary>
internal static class PostgreSqlTools
{
    /// <summary>The name of the database. Programs that get a name and not a connection string take the rest from the environment.</summary>
    public static string DatabaseOf(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        return connection.Database ?? connection.Username ?? "";
    }

    /// <returns>Null if the program has succeeded; otherwise one line that says why not.</returns>
    public static async Task<string?> RunAsync(
        string program, IEnumerable<string> arguments, string connectionString, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in EnvironmentOf(new NpgsqlConnectionStringBuilder(connectionString)))
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            return await WaitAsync(process, program, cancellationToken);
        }
        catch (Win32Exception)
        {
            return $"{program} is not on the PATH; install the client programs of PostgreSQL (on Debian: apt-get install postgresql-client)";
        }
    }

    private static async Task<string?> WaitAsync(Process process, string program, CancellationToken cancellationToken)
    {
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        await output;
        var lines = (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return process.ExitCode == 0 ? null : $"{program} has failed: {lines.FirstOrDefault() ?? $"exit code {process.ExitCode}"}";
    }

    /// <summary>Not in the arguments, which every user of the machine can read.</summary>
    private static IEnumerable<(string Name, string? Value)> EnvironmentOf(NpgsqlConnectionStringBuilder connection)
    {
        var all = new (string Name, string? Value)[]
        {
            ("PGHOST", connection.Host),
            ("PGPORT", connection.Port.ToString(CultureInfo.InvariantCulture)),
            ("PGDATABASE", connection.Database),
            ("PGUSER", connection.Username),
            ("PGPASSWORD", connection.Password),
            ("PGPASSFILE", connection.Passfile),
            ("PGSSLROOTCERT", connection.RootCertificate),
            ("PGSSLCERT", connection.SslCertificate),
            ("PGSSLKEY", connection.SslKey),
            ("PGSSLMODE", NameOf(connection.SslMode)),
        };
        return all.Where(variable => !string.IsNullOrEmpty(variable.Value));
    }

    private static string NameOf(SslMode mode) => mode switch
    {
        SslMode.VerifyCA => "verify-ca",
        SslMode.VerifyFull => "verify-full",
        _ => mode.ToString().ToLowerInvariant(),
    };
}
