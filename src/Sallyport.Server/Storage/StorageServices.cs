using Sallyport.Server.Configuration;
using Sallyport.Server.Storage.PostgreSql;
using Sallyport.Server.Storage.Sqlite;

namespace Sallyport.Server.Storage;

internal static class StorageServices
{
    private const string FileName = "sallyport.db";

    public static void AddStorage(this IServiceCollection services, SallyportOptions options)
    {
        services.AddSingleton<Database>(_ => options.Storage switch
        {
            Engine.Sqlite => new SqliteDatabase(Path.Combine(options.DataDirectory, FileName)),
            Engine.PostgreSql => new PostgreSqlDatabase(options.ConnectionString!),
        });
        services.AddSingleton<Migrator>();
    }
}
