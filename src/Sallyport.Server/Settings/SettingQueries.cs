using Sallyport.Server.Storage;

namespace Sallyport.Server.Settings;

/// <summary>Reads one setting in a separate session.</summary>
internal sealed class SettingQueries(Database database, SettingReader reader)
{
    /// <returns>Null if it was never set.</returns>
    public ValueTask<SettingValue?> FindAsync(TenantId tenant, SettingKind kind, CancellationToken cancellationToken) =>
        database.ReadAsync(session => reader.FindAsync(session, tenant, kind, cancellationToken), cancellationToken);
}
