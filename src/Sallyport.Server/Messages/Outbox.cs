using System.Globalization;
using System.Text;
using System.Text.Json;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>
/// Messages are added in the database transaction of what they tell of, and delivered afterwards: none is sent for
/// something that did not happen, and none is lost when a node dies.
/// </summary>
internal sealed class Outbox(ColumnCipher cipher, OutboxSignal signal, TimeProvider clock)
{
    public void Add(UnitOfWork unit, TenantId tenant, Message message)
    {
        var now = clock.GetUtcNow();
        // Ids sort by time; so do the files of the embedded outbox.
        var id = now.UtcDateTime.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture) + Tokens.NewHex(8);
        var content = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(message, MessageJson.Default.Message));
        unit.Enqueue(MessageStore.Insert(tenant, id, message.Channel, cipher.Seal(content, Place(tenant, id)), now));
        unit.OnCommitted(signal.Raise);
    }

    /// <summary>Returns when something was added here, or after <paramref name="interval"/>.</summary>
    public Task WaitAsync(TimeSpan interval, CancellationToken cancellationToken) =>
        signal.WaitAsync(interval, clock, cancellationToken);

    public Message Open(TenantId tenant, DueMessage due) =>
        JsonSerializer.Deserialize(cipher.Open(due.SealedContent, Place(tenant, due.Id)), MessageJson.Default.Message)!;

    private static AssociatedData Place(TenantId tenant, string id) => new(tenant, "message", "sealed_content", id);
}
