using System.Data.Common;

namespace Sallyport.Server.Storage;

/// <summary>
/// One SQL statement with named parameters (<c>@name</c>). A text always comes with the same parameters in the same order,
/// because both engines cache what they prepared for a text.
/// </summary>
internal readonly struct Statement(string text, params (string Name, SqlValue Value)[] parameters)
{
    public string Text { get; } = text;

    public (string Name, SqlValue Value)[] Parameters { get; } = parameters;

    /// <summary>The text was built from a request, for example from a search query. Such texts are not cached: there is no limit to them.</summary>
    public bool IsMadeForOneRequest { get; init; }
}

/// <summary>A statement and the function that reads a row of its result.</summary>
internal readonly record struct Query<T>(Statement Statement, Func<DbDataReader, T> Read);

internal enum SqlType
{
    Text,
    Number,
    Truth,
    Bytes,
}

/// <summary>
/// A parameter value that keeps its type when it is null. PostgreSQL treats a statement whose parameter is sometimes text and
/// sometimes an untyped null as two statements and prepares only one of them.
/// </summary>
internal readonly struct SqlValue
{
    private SqlValue(SqlType type, object? value) => (Type, Value) = (type, value ?? DBNull.Value);

    public SqlType Type { get; }

    /// <summary><see cref="DBNull.Value"/> for null.</summary>
    public object Value { get; }

    public static implicit operator SqlValue(string? value) => new(SqlType.Text, value);

    public static implicit operator SqlValue(long? value) => new(SqlType.Number, value);

    public static implicit operator SqlValue(bool? value) => new(SqlType.Truth, value);

    public static implicit operator SqlValue(byte[]? value) => new(SqlType.Bytes, value);

    public override string ToString() => "***";
}

/// <summary>Reads columns that both engines store alike: instants as milliseconds since the Unix epoch, and nullable values.</summary>
internal static class ReaderExtensions
{
    public static string? GetStringOrNull(this DbDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    public static bool? GetBooleanOrNull(this DbDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetBoolean(ordinal);

    public static long? GetInt64OrNull(this DbDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetInt64(ordinal);

    public static byte[] GetBytes(this DbDataReader reader, int ordinal) => reader.GetFieldValue<byte[]>(ordinal);

    public static byte[]? GetBytesOrNull(this DbDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<byte[]>(ordinal);

    public static DateTimeOffset GetInstant(this DbDataReader reader, int ordinal) =>
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(ordinal));

    public static DateTimeOffset? GetInstantOrNull(this DbDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetInstant(ordinal);
}
