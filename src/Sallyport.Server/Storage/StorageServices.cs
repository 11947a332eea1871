using Microsoft.Extensions.DependencyInjection.Extensions;
using Sallyport.Server.Storage.PostgreSql;
using Sallyport.Server.Storage.Sqlite;

namespace Sallyport.Server.Storage;

internal static class StorageServices
{
    private const string FileName = "sallyport.db";

    public static string SqlitePath(string dataDirectory) => Path.Combine(dataDirectory, FileName);

    public static void AddStorage(
        this IServiceCollection services, Engine engine, string dataDirectory, string? connectionString)
    {
        services.AddSingleton<Database>(_ => engine switch
        {
            Engine.Sqlite => new SqliteDatabase(SqlitePath(dataDirectory)),
            Engine.PostgreSql => new PostgreSqlDatabase(connectionString!),
        });
        services.TryAddSingleton(_ => Migration.For(engine));
        services.AddSingleton<Migrator>();
        services.AddHostedService<RetentionWorker>();
    }
}
