using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Configuration;
using Sallyport.Server.Connections;
using Sallyport.Server.Factors;
using Sallyport.Server.Http;
using Sallyport.Server.ResourceServers;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server;

/// <summary>Creates the rows that a new installation needs: the tenant, the Management API, a connection and the first client.</summary>
internal sealed class FirstStart(Database database, SallyportOptions options, SecretHash hash, DemoUser demoUser, TimeProvider clock)
{
    private static readonly TenantId Tenant = CallContext.Internal(CallChannel.CommandLine).Tenant;

    /// <summary>The tenant comes first: the key ring belongs to it, and the other rows need a key.</summary>
    public ValueTask CreateTenantAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                unit.Enqueue(TenantStore.InsertIfMissing(Tenant, clock.GetUtcNow()));
                foreach (var name in FactorNames.All)
                {
                    unit.Enqueue(FactorStore.InsertIfMissing(Tenant, name, FactorNames.OnByDefault.Contains(name)));
                }

                return ValueTask.CompletedTask;
            },
            cancellationToken);

    /// <summary>The rows that a command needs: those of a started server, without the first client.</summary>
    /// <exception cref="PublicUrlException">The database is used with another public URL.</exception>
    public ValueTask CreateRowsAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(async unit => { await CreateRowsAsync(unit, cancellationToken); }, cancellationToken);

    /// <exception cref="PublicUrlException">The database is used with another public URL.</exception>
    public ValueTask<FirstStartResult> CreateClientAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                var replacedUrl = await CreateRowsAsync(unit, cancellationToken);
                var result = await CreateFirstClientAsync(unit, cancellationToken);
                return result with { ReplacedUrl = replacedUrl };
            },
            cancellationToken);

    /// <returns>The public URL that the configured one replaces; usually null.</returns>
    private async ValueTask<string?> CreateRowsAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        await StartupLock.TakeAsync(unit, cancellationToken);
        var replacedUrl = await SetManagementApiAsync(unit, cancellationToken);
        await CreateGlobalClientAsync(unit, cancellationToken);
        await CreateConnectionAsync(unit, cancellationToken);
        return replacedUrl;
    }

    /// <returns>The public URL that the configured one replaces; usually null.</returns>
    private async ValueTask<string?> SetManagementApiAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        var stored = await ResourceServerStore.FindSystemAsync(unit, Tenant, cancellationToken);
        if (stored?.Identifier == options.ManagementAudience)
        {
            return null;
        }

        var storedUrl = stored is null ? null : SallyportOptions.PublicUrlOf(stored.Identifier);
        if (storedUrl is not null && storedUrl != options.AcceptPublicUrlChangeFrom)
        {
            throw new PublicUrlException(
                $"the database is used with {storedUrl}, which is not {options.PublicUrl}; give {storedUrl}, "
                + $"or stop all servers on this database and start one with --Sallyport:AcceptPublicUrlChangeFrom={storedUrl}");
        }

        if (storedUrl is not null && !await database.IsOnlyServerAsync(unit, cancellationToken))
        {
            throw new PublicUrlException($"another server is running on this database with {storedUrl}; stop it and start again");
        }

        var api = new ResourceServer(ResourceServerStore.NewId(), options.ManagementAudience, ResourceServer.ManagementApiName) { IsSystem = true };
        await ResourceServerStore.SetSystemAsync(unit, Tenant, api, clock.GetUtcNow(), cancellationToken);
        return storedUrl;
    }

    /// <summary>The client that stands for all applications in the Management API.</summary>
    private async ValueTask CreateGlobalClientAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        if (!await ClientStore.HasGlobalAsync(unit, Tenant, cancellationToken))
        {
            var client = new Client(Tokens.NewAlphaNumeric(32), "All Applications", hash.ClientSecret(Tokens.NewAlphaNumeric(64))) { IsGlobal = true };
            unit.Enqueue(ClientStore.InsertIfMissing(Tenant, client, clock.GetUtcNow()));
        }
    }

    private async ValueTask CreateConnectionAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        if (!await ConnectionStore.AnyAsync(unit, Tenant, cancellationToken))
        {
            unit.Enqueue(ConnectionStore.Insert(Tenant, Connection.CreateDefault(), clock.GetUtcNow()));
        }
    }

    /// <summary>The configured client; in Development, when nothing is configured, a generated one whose secret is printed.</summary>
    private async ValueTask<FirstStartResult> CreateFirstClientAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        if (options.BootstrapClient is { } configured)
        {
            await SetClientAsync(unit, configured, cancellationToken);
            return new FirstStartResult { HasClient = true };
        }

        var hasClient = await ClientStore.AnyAsync(unit, Tenant, cancellationToken);
        if (!options.IsDevelopment)
        {
            return new FirstStartResult { HasClient = hasClient };
        }

        var generated = hasClient ? null : new BootstrapClient(Tokens.NewAlphaNumeric(32), Tokens.NewAlphaNumeric(64));
        if (generated is not null)
        {
            await SetClientAsync(unit, generated, cancellationToken);
        }

        return new FirstStartResult
        {
            HasClient = true,
            GeneratedClient = generated,
            TicketUrl = options.HasDemoUser ? await demoUser.CreateTicketAsync(unit, createUser: generated is not null, cancellationToken) : null,
        };
    }

    /// <summary>Creates the client if it does not exist, and grants it every scope of the Management API.</summary>
    private async ValueTask SetClientAsync(UnitOfWork unit, BootstrapClient client, CancellationToken cancellationToken)
    {
        if (await ClientStore.FindAsync(unit, Tenant, client.ClientId, cancellationToken) is null)
        {
            var row = new Client(client.ClientId, "Bootstrap client", hash.ClientSecret(client.ClientSecret));
            unit.Enqueue(ClientStore.InsertIfMissing(Tenant, row, clock.GetUtcNow()));
        }

        unit.Enqueue(ClientGrantStore.Set(Tenant, client.ClientId, options.ManagementAudience, string.Join(' ', ManagementScopes.All)));
    }
}

internal sealed record FirstStartResult
{
    /// <summary>False: nobody can call the Management API yet.</summary>
    public required bool HasClient { get; init; }

    /// <summary>Only at the first start: its secret is not stored.</summary>
    public BootstrapClient? GeneratedClient { get; init; }

    /// <summary>A link for the demo user; null once that user is enrolled.</summary>
    public string? TicketUrl { get; init; }

    /// <summary>False: nobody can sign in to the dashboard yet.</summary>
    public bool HasAdministrator { get; init; }

    /// <summary>A link for the first administrator; null once an owner has signed in.</summary>
    public string? InvitationUrl { get; init; }

    public string? ReplacedUrl { get; init; }

    public override string ToString() => "***";
}

/// <summary>
/// Issuers, audiences and links are built from the public URL, so two servers with different ones refuse each other's tokens.
/// </summary>
internal sealed class PublicUrlException(string fault) : Exception("Sallyport:PublicUrl: " + fault);
