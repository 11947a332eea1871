using System.Globalization;
using System.Text;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>
/// Adds messages in the database transaction of the feature that sends them. They are delivered after the commit: no message is sent
/// for a change that was rolled back, and none is lost when a node stops.
/// </summary>
internal sealed class Outbox(ColumnCipher cipher, IEnumerable<OutboxWorker> workers, TimeProvider clock)
{
    private readonly Dictionary<string, OutboxWorker> workers = workers.ToDictionary(worker => worker.Channel, StringComparer.Ordinal);

    /// <summary>Ids sort by time, and so do the files of the outbox folder.</summary>
    public static string NewId(DateTimeOffset now) =>
        now.UtcDateTime.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture) + Tokens.NewHex(8);

    public void Add(UnitOfWork unit, TenantId tenant, Message message)
    {
        var worker = workers[message.Channel];
        var now = clock.GetUtcNow();
        var id = message.Id ?? NewId(now);
        var content = cipher.Seal(Encoding.UTF8.GetBytes(message.Content), MessageStore.AssociatedDataOf(tenant, id));
        unit.Enqueue(MessageStore.Insert(tenant, id, message, content, now));
        unit.OnCommitted(worker.Wake);
    }
}
