using System.Globalization;

namespace Sallyport.Protocols.Liquid.Values;

/// <summary>
/// Parses dates in common forms: 2016-03-14T10:20:30+01:00, March 14, 2016, 14 Mar 2016 10:20 pm, Mon, 14 Mar 2016 10:20:30 GMT. Without a
/// zone the time is UTC. The parser of .NET is not used, because it takes missing parts from the clock of the machine.
/// </summary>
internal ref struct DateText
{
    public const int LongestDate = 64;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int? _year;
    private int? _month;
    private int? _day;
    private TimeSpan? _time;
    private TimeSpan _zone;

    private DateText(ReadOnlySpan<char> text) => _text = text;

    /// <summary>Returns null if the text is not a date, or if a part is missing that <paramref name="now"/> would have to supply.</summary>
    public static DateTimeOffset? Parse(string text, DateTimeOffset? now)
    {
        if (text.Length > LongestDate)
        {
            return null;
        }

        var reader = new DateText(text);
        while (reader._at < text.Length)
        {
            if (!reader.ReadPart())
            {
                return null;
            }
        }

        return reader.Build(now);
    }

    private readonly DateTimeOffset? Build(DateTimeOffset? now)
    {
        if (_month is null && _time is null)
        {
            return null;
        }

        var year = _year ?? now?.Year;
        var month = _month ?? now?.Month;
        var day = _day ?? (_month is null ? now?.Day : 1);
        if (year is not (>= 1 and <= 9999) || month is not (>= 1 and <= 12)
            || day is not >= 1 || day > DateTime.DaysInMonth(year.Value, month.Value))
        {
            return null;
        }

        var local = new DateTime(year.Value, month.Value, day.Value) + (_time ?? TimeSpan.Zero);
        var utc = local.Ticks - _zone.Ticks;
        return utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks ? null : new DateTimeOffset(local, _zone);
    }

    private bool ReadPart()
    {
        var c = _text[_at];
        if (char.IsAsciiDigit(c))
        {
            return ReadNumber();
        }

        if (char.IsAsciiLetter(c))
        {
            return ReadWord();
        }

        if (c is '+' or '-' && _time is not null)
        {
            return ReadZone();
        }

        _at++;
        return Whitespace.Is(c) || c is ',' or '.' or '-';
    }

    private bool ReadNumber()
    {
        var start = _at;
        var number = Digits();
        var length = _at - start;
        if (Peek() == ':' && length <= 2)
        {
            return ReadTime(number);
        }

        if (length == 4 && Peek() is '-' or '/')
        {
            return ReadYearFirst(number, Peek());
        }

        if (length == 4 && _year is null)
        {
            _year = number;
            return true;
        }

        if (length > 2 || _day is not null)
        {
            return false;
        }

        _day = number;
        SkipOrdinal();
        return true;
    }

    private bool ReadYearFirst(int year, char separator)
    {
        _at++;
        (_year, _month) = (year, Digits());
        if (Peek() == separator)
        {
            _at++;
            _day = Digits();
        }

        return true;
    }

    private bool ReadTime(int hour)
    {
        _at++;
        var minute = Digits();
        var second = 0;
        long ticks = 0;
        if (Peek() == ':')
        {
            _at++;
            second = Digits();
            ticks = ReadFraction();
        }

        _time = new TimeSpan(hour, minute, second) + new TimeSpan(ticks);
        return hour <= 23 && minute <= 59 && second <= 59;
    }

    private long ReadFraction()
    {
        if (Peek() is not ('.' or ','))
        {
            return 0;
        }

        long ticks = 0;
        var unit = TimeSpan.TicksPerSecond;
        for (_at++; char.IsAsciiDigit(Peek()); _at++)
        {
            unit /= 10;
            ticks += unit * (Peek() - '0');
        }

        return ticks;
    }

    private bool ReadZone()
    {
        var isNegative = _text[_at++] == '-';
        var start = _at;
        var hours = Digits();
        var minutes = 0;
        if (_at - start == 4)
        {
            (hours, minutes) = (hours / 100, hours % 100);
        }
        else if (Peek() == ':')
        {
            _at++;
            minutes = Digits();
        }

        var zone = new TimeSpan(Math.Min(hours, 99), minutes, 0);
        _zone = isNegative ? -zone : zone;
        return _at > start && minutes < 60 && zone <= TimeSpan.FromHours(14);
    }

    private bool ReadWord()
    {
        var start = _at;
        while (char.IsAsciiLetter(Peek()))
        {
            _at++;
        }

        var word = _text[start.._at].ToString().ToUpperInvariant();
        switch (word)
        {
            case "T" or "Z" or "UTC" or "GMT" or "AT" or "OF":
                return true;
            case "AM" or "PM" when _time is { } time && time.Hours is >= 1 and <= 12:
                _time = time + TimeSpan.FromHours((word == "PM" ? 12 : 0) - (time.Hours == 12 ? 12 : 0));
                return true;
            default:
                return ReadName(word);
        }
    }

    private bool ReadName(string word)
    {
        var month = IndexOf(DateTimeFormatInfo.InvariantInfo.MonthNames, word);
        if (month >= 0 && _month is null)
        {
            _month = month + 1;
            return true;
        }

        return IndexOf(DateTimeFormatInfo.InvariantInfo.DayNames, word) >= 0;
    }

    /// <summary>At least the first three letters of a name are needed.</summary>
    private static int IndexOf(string[] names, string word) =>
        word.Length < 3 ? -1 : Array.FindIndex(names, name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase));

    private void SkipOrdinal()
    {
        if (_text[_at..] is ['s', 't', ..] or ['n', 'd', ..] or ['r', 'd', ..] or ['t', 'h', ..])
        {
            _at += 2;
        }
    }

    private readonly char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private int Digits()
    {
        var value = 0;
        for (; char.IsAsciiDigit(Peek()); _at++)
        {
            value = Math.Min(1_000_000, (value * 10) + (Peek() - '0'));
        }

        return value;
    }
}
