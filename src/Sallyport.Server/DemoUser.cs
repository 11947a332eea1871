using Sallyport.Server.Audit;
using Sallyport.Server.Connections;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;
using Sallyport.Server.Tickets;
using Sallyport.Server.Users;

namespace Sallyport.Server;

/// <summary>The user with whom a developer tries the enrollment page.</summary>
internal sealed class DemoUser(TicketFactory tickets, TimeProvider clock)
{
    private const string UserId = "auth0|demo";

    private static readonly TenantId Tenant = CallContext.Internal(CallChannel.CommandLine).Tenant;

    /// <summary>Creates a ticket at every start until the user is enrolled.</summary>
    /// <param name="createUser">Only at the first start, so that a deleted demo user stays deleted.</param>
    /// <returns>The link; null if the user is enrolled or was deleted.</returns>
    public async ValueTask<string?> CreateTicketAsync(UnitOfWork unit, bool createUser, CancellationToken cancellationToken)
    {
        var user = await UserStore.FindAsync(unit, Tenant, UserId, cancellationToken);
        if (user is null && createUser)
        {
            UserStore.Insert(unit, Tenant, NewUser(clock.GetUtcNow()));
        }
        else if (user is null || (await AuthenticatorStore.ListConfirmedAsync(unit, Tenant, UserId, cancellationToken)).Count > 0)
        {
            return null;
        }

        var created = tickets.TryCreate(Tenant, new CreateTicketRequest { UserId = UserId }, Ticket.Lifetime)!;
        unit.Enqueue(TicketStore.Insert(created.Ticket));
        return created.Url;
    }

    private static User NewUser(DateTimeOffset now) => new()
    {
        UserId = UserId,
        Connection = Connection.DefaultName,
        Email = "demo@example.com",
        EmailVerified = true,
        Name = "Demo User",
        Nickname = "demo",
        CreatedAt = now,
        UpdatedAt = now,
    };
}
