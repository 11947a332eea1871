namespace Sallyport.Server.Storage;

internal enum SqlType
{
    Text,
    Number,
    Truth,
    Bytes,
}

/// <summary>
/// The value of a parameter with the type that it has in the source, also where it is null. To PostgreSQL a statement that
/// comes now with a text and now with a null of no type is two, of which only one can be prepared.
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
