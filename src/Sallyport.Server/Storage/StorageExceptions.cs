using Microsoft.Data.Sqlite;
using Npgsql;

namespace Sallyport.Server.Storage;

/// <summary>The database cannot be used by this server. The start ends with the message, which says why in one line.</summary>
internal sealed class SchemaException(string message) : Exception(message);

/// <summary>A query exceeded its time limit and was stopped by the engine.</summary>
internal sealed class QueryTimeoutException() : Exception("The query exceeded its time limit.");

/// <summary>Recognizes constraint violations by error code, never by message text.</summary>
internal static class ConstraintViolation
{
    private const int SqliteConstraintForeignKey = 787;
    private const int SqliteConstraintPrimaryKey = 1555;
    private const int SqliteConstraintUnique = 2067;

    public static bool IsUnique(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is SqliteConstraintUnique or SqliteConstraintPrimaryKey,
        _ => false,
    };

    public static bool IsForeignKey(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.ForeignKeyViolation,
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode == SqliteConstraintForeignKey,
        _ => false,
    };
}

/// <summary>Recognizes that a table does not exist: no server has been started on the database.</summary>
internal static class MissingTable
{
    private const int SqliteError = 1;

    public static bool Is(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UndefinedTable,
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteError,
        _ => false,
    };
}
