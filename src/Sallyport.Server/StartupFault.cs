using Microsoft.Data.Sqlite;
using Npgsql;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server;

/// <summary>Turns what commonly stops a start into the line that says how to mend it.</summary>
internal static class StartupFault
{
    /// <returns>Null for a fault of our own, which deserves its stack trace.</returns>
    public static string? Explain(Exception exception, SallyportOptions options) => exception switch
    {
        SchemaException schema => schema.Message,
        NpgsqlException npgsql =>
            $"ConnectionStrings:Sallyport: PostgreSQL cannot be used: {Line(npgsql.Message)}; check that it runs and that the user may create tables",
        SqliteException sqlite =>
            $"Sallyport:DataDirectory: {options.DataDirectory} cannot be used: {Line(sqlite.Message)}; give a directory that the server may write to",
        UnauthorizedAccessException or DirectoryNotFoundException or FileNotFoundException =>
            $"Sallyport:DataDirectory: {options.DataDirectory} cannot be used: {Line(exception.Message)}; give a directory that the server may write to",
        FormatException when options.MasterKey is null =>
            $"Sallyport:DataDirectory: the key file in {options.DataDirectory} is damaged; restore it, or set Sallyport:Keys:Master",
        IOException io when io.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException =>
            $"urls: {Line(io.Message)}; stop what listens there, or give another address with --urls",
        _ => null,
    };

    private static string Line(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
