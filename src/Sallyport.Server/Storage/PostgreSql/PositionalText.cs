using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Npgsql;

namespace Sallyport.Server.Storage.PostgreSql;

/// <summary>
/// Translates named parameters (<c>@name</c>) to PostgreSQL's positional ones (<c>$1</c>), once for each text. Npgsql would parse a
/// statement with names each time that it is sent.
/// </summary>
internal static partial class PositionalText
{
    private static readonly ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, string> KnownRequired = new(StringComparer.Ordinal);

    public static string Of(Statement statement) =>
        statement.IsMadeForOneRequest
            ? Translate(statement.Text, statement.Parameters)
            : Known.GetOrAdd(statement.Text, static (text, parameters) => Translate(text, parameters), statement.Parameters);

    /// <summary>
    /// A statement that fails with <see cref="PostgresErrorCodes.DivisionByZero"/> if it does not change exactly one row. The error ends the
    /// transaction, so what follows can be sent without waiting for the number of rows. No other statement of this server divides.
    /// </summary>
    public static string OfRequired(Statement statement) =>
        KnownRequired.GetOrAdd(
            statement.Text,
            static (text, parameters) => $"""
                WITH changed AS ({Translate(text, parameters)} RETURNING 1)
                SELECT 1 / CASE count(*) WHEN 1 THEN 1 ELSE 0 END FROM changed
                """,
            statement.Parameters);

    private static string Translate(string text, (string Name, SqlValue)[] parameters) =>
        Name.Replace(text, match => "$" + Number(match.Groups[1].Value, parameters));

    private static int Number(string name, (string Name, SqlValue)[] parameters) =>
        Array.FindIndex(parameters, parameter => parameter.Name == name) is var index and >= 0
            ? index + 1
            : throw new InvalidOperationException($"The statement has no value for @{name}.");

    [GeneratedRegex(@"(?<![\w@])@(\w+)")]
    private static partial Regex Name { get; }
}
