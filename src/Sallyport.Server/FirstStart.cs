using Sallyport.Server.Clients;
using Sallyport.Server.Configuration;
using Sallyport.Server.Connections;
using Sallyport.Server.Factors;
using Sallyport.Server.ResourceServers;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Tickets;
using Sallyport.Server.Users;

namespace Sallyport.Server;

/// <summary>Makes what a new installation needs. Where nothing is configured, also what somebody needs who tries it out.</summary>
internal sealed class FirstStart(Database database, SallyportOptions options, SecretHash hash, TicketFactory tickets, TimeProvider clock)
{
    private const string DemoUserId = "auth0|demo";

    private static readonly TenantId Tenant = TenantId.Default;

    /// <summary>The tenant row, on which the key ring hangs too.</summary>
    public ValueTask MakeTenantAsync(CancellationToken cancellationToken) =>
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

    /// <returns>What to print for who tries it out, or null where a client is configured.</returns>
    public async ValueTask<Trial?> MakeClientAsync(CancellationToken cancellationToken)
    {
        var configured = options.BootstrapClient;
        return await database.WriteAsync(
            async unit =>
            {
                await StartupLock.TakeAsync(unit, cancellationToken);
                await MakeRowsThatClientsNeedAsync(unit, cancellationToken);
                if (configured is not null)
                {
                    AddClient(unit, configured);
                    return null;
                }

                var client = await MakeTrialClientAsync(unit, cancellationToken);
                var ticketUrl = options.IsTrial ? await MakeTrialTicketAsync(unit, isNew: client is not null, cancellationToken) : null;
                return new Trial(client, ticketUrl);
            },
            cancellationToken);
    }

    /// <summary>The API that tokens are for, the client that stands for all, and a connection for the first users.</summary>
    private async ValueTask MakeRowsThatClientsNeedAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var api = new ResourceServer(ResourceServerStore.NewId(), options.ManagementAudience, ResourceServer.ManagementApiName) { IsSystem = true };
        await ResourceServerStore.SetSystemAsync(unit, Tenant, api, now, cancellationToken);
        var everyClient = new Client(Tokens.NewAlphaNumeric(32), "All Applications", hash.ClientSecret(Tokens.NewAlphaNumeric(64))) { IsGlobal = true };
        unit.Enqueue(ClientStore.InsertIfMissing(Tenant, everyClient, now));
        if (!await ConnectionStore.AnyAsync(unit, Tenant, cancellationToken))
        {
            var connection = new Connection(ConnectionStore.NewId(), Connection.DefaultName, Connection.DatabaseStrategy);
            unit.Enqueue(ConnectionStore.Insert(Tenant, connection, now));
        }
    }

    private async ValueTask<BootstrapClient?> MakeTrialClientAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        if (await ClientStore.AnyAsync(unit, Tenant, cancellationToken))
        {
            return null;
        }

        var client = new BootstrapClient(Tokens.NewAlphaNumeric(32), Tokens.NewAlphaNumeric(64));
        AddClient(unit, client);
        return client;
    }

    private void AddClient(UnitOfWork unit, BootstrapClient client)
    {
        var row = new Client(client.ClientId, "Bootstrap client", hash.ClientSecret(client.ClientSecret));
        unit.Enqueue(ClientStore.InsertIfMissing(Tenant, row, clock.GetUtcNow()));
        unit.Enqueue(ClientGrantStore.Set(
            Tenant, client.ClientId, options.ManagementAudience, string.Join(' ', Http.ManagementScopes.All)));
    }

    /// <summary>A new link at every start, as long as the demo user has not enrolled.</summary>
    private async ValueTask<string?> MakeTrialTicketAsync(UnitOfWork unit, bool isNew, CancellationToken cancellationToken)
    {
        var demo = await UserStore.FindAsync(unit, Tenant, DemoUserId, cancellationToken);
        if (demo is null && isNew)
        {
            UserStore.Insert(unit, Tenant, DemoUser(clock.GetUtcNow()));
        }
        else if (demo is null || (await AuthenticatorStore.ListConfirmedAsync(unit, Tenant, DemoUserId, cancellationToken)).Count > 0)
        {
            return null;
        }

        var created = tickets.TryCreate(Tenant, new CreateTicketRequest { UserId = DemoUserId })!;
        unit.Enqueue(TicketStore.Insert(created.Ticket));
        return created.Url;
    }

    private static User DemoUser(DateTimeOffset now) => new()
    {
        UserId = DemoUserId,
        Connection = Connections.Connection.DefaultName,
        Email = "demo@example.com",
        EmailVerified = true,
        Name = "Demo User",
        Nickname = "demo",
        CreatedAt = now,
        UpdatedAt = now,
    };
}

/// <param name="Client">Only at the first start: its secret is not stored.</param>
/// <param name="TicketUrl">Ready to open; null once the demo user has enrolled.</param>
internal sealed record Trial(BootstrapClient? Client, string? TicketUrl)
{
    public override string ToString() => "***";
}
