using System.Data.Common;
using Sallyport.Server.Clients;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Commands;

/// <summary>The checks of <see cref="Doctor"/>. One that depends on the database is left out if the database cannot be used.</summary>
internal sealed class DoctorChecks(CommandContext context, TenantId tenant)
{
    private const long LowDiskSpace = 1L << 30;
    private const long TooLittleDiskSpace = 100L << 20;

    /// <summary>Authenticator apps count in steps of 30 seconds, and one step of difference is accepted.</summary>
    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ProviderTimeout = TimeSpan.FromSeconds(10);

    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellationToken)
    {
        var checks = new List<Check> { Check.Ok("configuration", $"is valid; storage is {context.Options.Storage}") };
        var database = await CheckDatabaseAsync(cancellationToken);
        checks.Add(database);
        if (database.Status != CheckStatus.Fault)
        {
            checks.Add(await CheckClockAsync(cancellationToken));
            checks.Add(await TryAsync("master key", CheckMasterKeyAsync, cancellationToken));
            checks.Add(await TryAsync("clients", CheckClientsAsync, cancellationToken));
        }

        checks.Add(await PublicUrlCheck.RunAsync(context.Options.PublicUrl, context.Get<TimeProvider>(), cancellationToken));
        if (checks.TrueForAll(check => check.Status != CheckStatus.Fault || check.Name == PublicUrlCheck.Name))
        {
            checks.Add(await TryAsync("mail", CheckMailAsync, cancellationToken));
            checks.Add(await TryAsync("messages", CheckMessagesAsync, cancellationToken));
        }

        checks.Add(CheckDisk());
        return checks;
    }

    private async Task<Check> TryAsync(string name, Func<CancellationToken, Task<Check>> check, CancellationToken cancellationToken)
    {
        try
        {
            return await check(cancellationToken);
        }
        catch (Exception exception) when (context.Explain(exception) is { } fault)
        {
            var parts = fault.Split(["; ", ". "], 2, StringSplitOptions.None);
            return Check.Fault(name, parts[0], parts.Length > 1 ? parts[1] : "start the server, which says more");
        }
    }

    private async Task<Check> CheckDatabaseAsync(CancellationToken cancellationToken)
    {
        const string Name = "database";
        var options = context.Options;
        if (options.Storage == Engine.Sqlite && !File.Exists(StorageServices.SqlitePath(options.DataDirectory)))
        {
            return Check.Fault(
                Name, $"there is none in {options.DataDirectory}", "start the server once to create it, or set Sallyport:DataDirectory to the server's data directory");
        }

        return await TryAsync(Name, CheckSchemaAsync, cancellationToken);

        async Task<Check> CheckSchemaAsync(CancellationToken token)
        {
            var migrator = context.Get<Migrator>();
            try
            {
                var version = await migrator.FindVersionAsync(token);
                return await migrator.IsCurrentAsync(token)
                    ? Check.Ok(Name, $"answers; its schema has version {version}, as this program needs it")
                    : Check.Fault(
                        Name,
                        $"its schema has version {version} and is not that of this program, which is {migrator.LatestVersion}",
                        "start this version of the server, which upgrades an older schema; for a newer one use the newer program");
            }
            catch (DbException exception) when (MissingTable.Is(exception))
            {
                return Check.Fault(Name, "it is empty", "start the server once to create the tables");
            }
        }
    }

    private async Task<Check> CheckClockAsync(CancellationToken cancellationToken)
    {
        const string Name = "clock";
        if (context.Options.Storage == Engine.Sqlite)
        {
            return Check.Ok(Name, $"{Printed.Time(context.Get<TimeProvider>().GetUtcNow())}; compare it with a clock that you trust");
        }

        var before = context.Get<TimeProvider>().GetUtcNow();
        var theirs = (await context.Get<Database>().QueryAsync(
            new Statement("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"),
            row => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)),
            cancellationToken))[0];
        var difference = (before - theirs).Duration();
        return difference <= MaxClockDifference
            ? Check.Ok(Name, "agrees with that of the database")
            : Check.Fault(
                Name,
                $"differs by {difference.TotalSeconds:F0} seconds from that of the database",
                "synchronize both machines with NTP; codes of authenticator apps are refused otherwise");
    }

    private async Task<Check> CheckMasterKeyAsync(CancellationToken cancellationToken)
    {
        const string Name = "master key";
        var keys = await context.Get<Database>().ReadAsync(session => KeyStore.ListAsync(session, tenant, cancellationToken), cancellationToken);
        if (keys.Count == 0)
        {
            return Check.Fault(Name, "the database has no keys yet", "start the server once");
        }

        await context.Get<KeyRing>().StartAsync(cancellationToken);
        if (context.Get<MasterKeySource>().KeyFile is not { } file)
        {
            return Check.Ok(Name, "opens the keys of the database; it is a setting");
        }

        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0
            ? Check.Warning(Name, $"opens the keys of the database, but other users of this machine can read {file}", $"chmod 600 {file}")
            : Check.Ok(Name, $"opens the keys of the database; it is in {file}, so back it up with the database");
    }

    private async Task<Check> CheckClientsAsync(CancellationToken cancellationToken) =>
        await context.Get<Database>().ReadAsync(session => ClientStore.AnyAsync(session, tenant, cancellationToken), cancellationToken)
            ? Check.Ok("clients", "at least one can call the Management API")
            : Check.Warning("clients", "there is none, so no program can call the Management API", "create one with clients create NAME");

    private async Task<Check> CheckMailAsync(CancellationToken cancellationToken)
    {
        const string Name = "mail";
        var found = await context.Get<MessageDispatcher>().FindAsync(context.Get<EmailChannel>(), tenant, cancellationToken);
        if (found is not var (provider, connection))
        {
            return Check.Warning(
                Name, $"no provider is set, so mails are written to {context.Options.OutboxDirectory}", "set one with POST /api/v2/emails/provider");
        }

        await using (connection)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(ProviderTimeout);
            try
            {
                return await connection.TryConnectAsync(timeout.Token)
                    ? Check.Ok(Name, $"{provider} accepts the connection and the login")
                    : Check.Ok(Name, $"{provider} is set; only a test mail shows whether it accepts mail");
            }
            catch (DeliveryException exception)
            {
                return Check.Fault(Name, $"{provider}: {exception.Message.TrimEnd('.')}", "correct the e-mail provider, PATCH /api/v2/emails/provider");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return Check.Fault(Name, $"{provider} does not answer", "check its address and port, and the firewall between");
            }
        }
    }

    private async Task<Check> CheckMessagesAsync(CancellationToken cancellationToken)
    {
        var counts = await context.Get<MessageQueries>().CountAsync(tenant, cancellationToken);
        var detail = $"{counts.Waiting} wait, {counts.GivenUp} were given up in the last 24 hours";
        return counts.Overdue > 0
            ? Check.Warning("messages", $"{detail}; {counts.Overdue} are overdue", "see that a server is running; its log says why they are not delivered")
            : counts.GivenUp > 0
                ? Check.Warning("messages", detail, "the log of the tenant says why: search it for the types fn, gd_send_sms_failure and gd_send_pn_failure")
                : Check.Ok("messages", detail);
    }

    private Check CheckDisk()
    {
        const string Name = "disk";
        var directory = context.Options.DataDirectory;
        if (!Directory.Exists(directory))
        {
            return Check.Warning(Name, $"{directory} does not exist", "start the server once to create it");
        }

        var free = new DriveInfo(directory).AvailableFreeSpace;
        var detail = $"{Printed.Size(free)} are free in {directory}";
        const string Remedy = "make room; a full disk stops all writes";
        return free < TooLittleDiskSpace ? Check.Fault(Name, detail, Remedy)
            : free < LowDiskSpace ? Check.Warning(Name, detail, Remedy)
            : Check.Ok(Name, detail);
    }
}
