using Sallyport.Server.Storage;

namespace Sallyport.Server.Audit;

/// <summary>What entries have to be like: conditions of which every one holds, and the values in them.</summary>
internal sealed class LogQuery
{
    private readonly List<string> conditions = [];
    private readonly List<(string Name, SqlValue Value)> parameters = [];

    public IReadOnlyList<string> Conditions => conditions;

    public IReadOnlyList<(string Name, SqlValue Value)> Parameters => parameters;

    /// <summary>The same text every time: the engines remember what they made of it.</summary>
    public bool IsFixed { get; private init; } = true;

    public static LogQuery All => new();

    public static LogQuery OfUser(string userId)
    {
        var query = new LogQuery();
        query.Add("l.user_id = @user_id", ("user_id", userId));
        return query;
    }

    public static LogQuery Of(IEnumerable<LogTerm> terms)
    {
        var query = new LogQuery { IsFixed = false };
        foreach (var term in terms)
        {
            query.Add(term);
        }

        return query;
    }

    private void Add(LogTerm term)
    {
        var name = $"p{parameters.Count}";
        var condition = term switch
        {
            { Field: LogTerm.DateField } => DateCondition(term, name),
            { Field: null } => $"({string.Join(" OR ", LogFields.OfBareWords.Select(field => Compare(LogFields.Columns[field], term, name)))})",
            _ => Compare(LogFields.Columns[term.Field], term, name),
        };
        conditions.Add(term.IsNegated ? $"NOT coalesce({condition}, false)" : condition);
        parameters.Add((name, term.Field == LogTerm.DateField ? LogIds.Lowest(term.From) : term.Text));
        if (term.Field == LogTerm.DateField)
        {
            parameters.Add((name + "_end", LogIds.Lowest(term.Until)));
        }
    }

    private void Add(string condition, (string, SqlValue) parameter)
    {
        conditions.Add(condition);
        parameters.Add(parameter);
    }

    private static string DateCondition(LogTerm term, string name) => $"({LogFields.ByDate} >= @{name} AND {LogFields.ByDate} < @{name}_end)";

    private static string Compare(string column, LogTerm term, string name) => term.IsPrefix
        ? $"substr({column}, 1, length(@{name})) = @{name}"
        : $"{column} = @{name}";
}
