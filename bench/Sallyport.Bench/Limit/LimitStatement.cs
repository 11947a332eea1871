using SQLitePCL;

namespace Sallyport.Bench.Limit;

/// <summary>A compiled statement whose parameters are members of <see cref="LimitValues"/>.</summary>
internal sealed class LimitStatement : IDisposable
{
    private readonly sqlite3 handle;
    private readonly sqlite3_stmt statement;
    private readonly List<Action<LimitValues>> bindings = [];

    public LimitStatement(sqlite3 handle, sqlite3_stmt statement)
    {
        (this.handle, this.statement) = (handle, statement);
        for (var i = 1; i <= raw.sqlite3_bind_parameter_count(statement); i++)
        {
            var index = i;
            var name = raw.sqlite3_bind_parameter_name(statement, index).utf8_to_string()[1..];
            bindings.Add(LimitValues.Binder(name, (bytes, isText) => Bind(index, bytes, isText), number => raw.sqlite3_bind_int64(statement, index, number)));
        }
    }

    /// <returns>The number of rows found or changed.</returns>
    public int Run(LimitValues values)
    {
        foreach (var bind in bindings)
        {
            bind(values);
        }

        var rows = 0;
        int code;
        while ((code = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
        {
            rows++;
        }

        LimitDatabase.Check(code, handle);
        LimitDatabase.Check(raw.sqlite3_reset(statement), handle);
        return raw.sqlite3_stmt_readonly(statement) != 0 ? rows : raw.sqlite3_changes(handle);
    }

    public void Dispose() => statement.Dispose();

    private void Bind(int index, ReadOnlySpan<byte> value, bool isText)
    {
        if (isText)
        {
            raw.sqlite3_bind_text(statement, index, value);
        }
        else
        {
            raw.sqlite3_bind_blob(statement, index, value);
        }
    }
}
