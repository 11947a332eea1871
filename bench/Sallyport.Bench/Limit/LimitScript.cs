namespace Sallyport.Bench.Limit;

/// <summary>The statements of one request, each of which finds or changes at least one row, unless it says otherwise.</summary>
internal sealed class LimitScript : IDisposable
{
    private const string MayFindNothing = "finds nothing as a rule";

    private readonly List<(LimitStatement Statement, bool MayFindNothing)> statements;

    private LimitScript(List<(LimitStatement, bool)> statements)
    {
        this.statements = statements;
    }

    /// <param name="file">Statements end with a semicolon at the end of a line.</param>
    public static LimitScript Read(LimitDatabase database, string file) =>
        new([.. File.ReadAllText(file)
            .Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => (database.Compile(text), text.Contains(MayFindNothing, StringComparison.Ordinal)))]);

    public void Run(LimitValues values)
    {
        foreach (var (statement, mayFindNothing) in statements)
        {
            if (statement.Run(values) == 0 && !mayFindNothing)
            {
                throw new InvalidOperationException("A statement of the limit did nothing, where the server's would");
            }
        }
    }

    public void Dispose() => statements.ForEach(pair => pair.Statement.Dispose());
}
