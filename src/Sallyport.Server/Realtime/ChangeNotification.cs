using System.Text.Json;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Realtime;

/// <summary>What nodes tell each other: ids only, because whoever may connect to the database can listen.</summary>
/// <param name="Node">The node that tells it, which has looked itself.</param>
internal sealed record ChangeNotification(string Node, UserKey User)
{
    public const string Channel = "sallyport_transaction";

    public string Write() => JsonSerializer.Serialize([Node, User.Tenant.Value, User.UserId], RealtimeJson.Default.StringArray);

    /// <returns>Null for what was not written by a node.</returns>
    public static ChangeNotification? Read(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, RealtimeJson.Default.StringArray) is [{ } node, { } tenant, { } user]
                ? new ChangeNotification(node, new UserKey(new TenantId(tenant), user))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
