using System.Collections.Concurrent;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>Keeps what deferred mails of one kind share while many of them are delivered, so that not every mail reads it again.</summary>
internal sealed class MailSourceCache(MailComposer composer, TimeProvider clock)
{
    /// <summary>A mail that waited for long is composed with the settings of the time when it is delivered.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(TenantId Tenant, string Template), (MailSource Source, DateTimeOffset ReadAt)> known = new();

    /// <param name="createdAt">
    /// When the mail was added to the outbox. Settings that were read before are read again: a change that was made before the mail is never missed.
    /// </param>
    public async ValueTask<MailSource> ReadAsync(
        Session session, TenantId tenant, MailKind kind, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (known.TryGetValue((tenant, kind.TemplateName), out var kept) && IsUsable(kept.ReadAt, createdAt, now))
        {
            return kept.Source;
        }

        var source = await composer.ReadSourceAsync(session, tenant, kind, cancellationToken);
        known[(tenant, kind.TemplateName)] = (source, now);
        return source;
    }

    /// <summary>Messages store milliseconds, so what happened in the same one has an unknown order.</summary>
    private static bool IsUsable(DateTimeOffset readAt, DateTimeOffset createdAt, DateTimeOffset now) =>
        createdAt.ToUnixTimeMilliseconds() < readAt.ToUnixTimeMilliseconds() && now - readAt < MaxAge;
}
