using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>Makes reads of a table wait.</summary>
internal static class TableLock
{
    /// <summary>
    /// Sends requests while their table is locked on PostgreSQL, where the queries themselves are fast. SQLite readers do not wait for locks, so
    /// there the queries must be slow.
    /// </summary>
    public static async Task<T> WithLockAsync<T>(this TestServer server, string table, Func<Task<T>> send)
    {
        if (server.Database.Engine == Engine.Sqlite)
        {
            return await send();
        }

        return await server.Database.WriteAsync(
            async unit =>
            {
                await unit.ExecuteAsync(new Statement($"LOCK TABLE \"{table}\" IN ACCESS EXCLUSIVE MODE"), CancellationToken.None);
                return await send();
            },
            CancellationToken.None);
    }
}
