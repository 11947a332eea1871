using Sallyport.Server.Storage;

namespace Sallyport.Server.Users.Search;

/// <summary>
/// Makes users findable who were stored by a version that knew no search. Every node does it at its start, in small steps; a step
/// that two of them take has the same result.
/// </summary>
internal sealed class SearchBackfill(Database database, ILogger<SearchBackfill> logger) : BackgroundService
{
    private const int BatchSize = 100;

    private static readonly TenantId Tenant = TenantId.Default;

    public async Task FillAsync(CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is { Count: > 0 } ids)
        {
            await database.WriteAsync(unit => FillAsync(unit, ids, cancellationToken), cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await FillAsync(stoppingToken);
        }
#pragma warning disable CA1031 // Nothing else depends on it.
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            UsersLog.NotFilled(logger, exception);
        }
#pragma warning restore CA1031
    }

    private ValueTask<List<string>> NextAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(
            new Statement(
                $"""
                SELECT user_id FROM "user" WHERE tenant_id = @tenant_id AND search_version = 0 ORDER BY user_id LIMIT {BatchSize}
                """,
                ("tenant_id", Tenant.Value)),
            row => row.GetString(0),
            cancellationToken);

    private static async ValueTask<object?> FillAsync(UnitOfWork unit, List<string> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            if (await UserStore.LockAsync(unit, Tenant, id, cancellationToken) is { } user)
            {
                UserStore.Update(unit, Tenant, user, user);
                UserTermStore.Replace(unit, Tenant, user);
            }
        }

        return null;
    }
}
