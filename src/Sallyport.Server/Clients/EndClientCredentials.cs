using System.Text.Json;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>A kind of rows that a client has caused, such as sign-ins (docs/architecture.md, "When credentials end").</summary>
internal interface IClientCredential
{
    /// <summary>Ends everything that is open.</summary>
    Statement EndAll(TenantId tenant, string clientId, DateTimeOffset now);
}

/// <summary>Ends the credentials of a client in the database transaction of the event.</summary>
internal sealed class EndClientCredentials(IEnumerable<IClientCredential> kinds, ClientRevocations revocations, TimeProvider clock)
{
    public void WithClient(UnitOfWork unit, TenantId tenant, string clientId)
    {
        All(unit, tenant, clientId);
        revocations.Add(unit, clientId);
    }

    /// <summary>An address that is no callback any more must not get the result of a sign-in.</summary>
    public void WithCallbacks(UnitOfWork unit, TenantId tenant, Client before, Client after)
    {
        if (CallbacksOf(before).Except(CallbacksOf(after), StringComparer.Ordinal).Any())
        {
            All(unit, tenant, before.ClientId);
        }
    }

    private void All(UnitOfWork unit, TenantId tenant, string clientId)
    {
        foreach (var kind in kinds)
        {
            unit.Enqueue(kind.EndAll(tenant, clientId, clock.GetUtcNow()));
        }
    }

    private static string[] CallbacksOf(Client client) =>
        JsonSerializer.Deserialize(client.Settings, ClientJson.Default.ClientResponse)!.Callbacks ?? [];
}
