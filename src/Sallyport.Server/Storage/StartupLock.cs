namespace Sallyport.Server.Storage;

/// <summary>Held to the end of the unit of work by the one node that migrates or makes the first rows.</summary>
internal static class StartupLock
{
    private const long Id = 0x53414C4C59; // "SALLY"

    public static async ValueTask TakeAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        // SQLite has one writer at a time, across processes too: its unit of work is the lock.
        if (unit.Engine == Engine.PostgreSql)
        {
            await unit.ExecuteAsync(new Statement("SELECT pg_advisory_xact_lock(@id)", ("id", Id)), cancellationToken);
        }
    }
}
