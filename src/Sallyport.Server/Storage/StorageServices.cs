using Sallyport.Server.Storage.PostgreSql;
using Sallyport.Server.Storage.Sqlite;

namespace Sallyport.Server.Storage;

internal static class StorageServices
{
    private const string FileName = "sallyport.db";

    public static void AddStorage(
        this IServiceCollection services, Engine engine, string dataDirectory, string? connectionString)
    {
        services.AddSingleton<Database>(_ => engine switch
        {
            Engine.Sqlite => new SqliteDatabase(Path.Combine(dataDirectory, FileName)),
            Engine.PostgreSql => new PostgreSqlDatabase(connectionString!),
        });
        services.AddSingleton<Migrator>();
        services.AddHostedService<RetentionWorker>();
    }
}
