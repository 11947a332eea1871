using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>Reads the saved texts and the previews of the hosted page.</summary>
internal sealed class MfaPageQueries(Database database, SecretHash hash, TimeProvider clock)
{
    public async ValueTask<IReadOnlyList<MfaPageVersion>> ListVersionsAsync(TenantId tenant, CancellationToken cancellationToken) =>
        await database.ReadAsync(session => MfaPageVersionStore.ListAsync(session, tenant, cancellationToken), cancellationToken);

    public ValueTask<MfaPageVersion?> FindVersionAsync(TenantId tenant, long version, CancellationToken cancellationToken) =>
        database.ReadAsync(session => MfaPageVersionStore.FindAsync(session, tenant, version, cancellationToken), cancellationToken);

    /// <returns>Null if the preview does not exist or has expired.</returns>
    public async ValueTask<RenderedPage?> FindPreviewAsync(TenantId tenant, string? id, CancellationToken cancellationToken) =>
        LinkId.TryParse(id, out var link)
            ? await database.ReadAsync(
                session => MfaPagePreviewStore.FindAsync(
                    session, tenant, hash.Link(MfaPagePreviewStore.Table, link.Value), clock.GetUtcNow(), cancellationToken),
                cancellationToken)
            : null;
}
