# C++ that makes compilers emit thunks and many copies: multiple and virtual inheritance, covariant
# results, a template library in headers that two translation units use, and streams, of whose templates
# most functions are in the compiler's library.
. "$(dirname "$0")/../lib.sh"
mkdir src
cat >src/shapes.h <<'END'
#pragma once
#include <memory>
#include <vector>
template <typename T> struct Sum {
    std::vector<T> all;
    void add(T value) { all.push_back(value % 3 ? value : -value); }
    T total() const
    {
        T sum = 0;
        for (T value : all)
            sum += value;
        return sum;
    }
    template <typename F> T map(F f) const
    {
        T sum = 0;
        for (T value : all)
            sum += f(value);
        return sum;
    }
};
struct Named {
    virtual ~Named() {}
    virtual int name() const = 0;
    virtual Named *clone() const = 0;
};
struct Sized {
    virtual ~Sized() {}
    virtual int size() const { return 1; }
    virtual Sized *other() const = 0;
};
struct Base : virtual Named {
    int name() const override { return 7; }
};
struct Shape : Base, virtual Sized {
    int n;
    explicit Shape(int n) : n(n) {}
    int name() const override { return n % 2 ? n : Base::name(); }
    int size() const override { return n % 5 ? n + 1 : n; }
    Shape *clone() const override { return new Shape(n + 1); }
    Shape *other() const override { return new Shape(n - 1); }
};
std::unique_ptr<Named> named(int n);
std::unique_ptr<Sized> sized(int n);
int fold(int n);
END
cat >src/make.cpp <<'END'
#include "shapes.h"
namespace {
struct Hidden : Sized, Named {
    int n;
    explicit Hidden(int n) : n(n) {}
    int name() const override { return n + 3; }
    Hidden *clone() const override { return new Hidden(n % 3 ? n : 0); }
    Hidden *other() const override { return new Hidden(n); }
};
} // namespace
std::unique_ptr<Named> named(int n)
{
    if (n % 3)
        return std::make_unique<Shape>(n);
    return std::make_unique<Hidden>(n);
}
std::unique_ptr<Sized> sized(int n)
{
    if (n % 3)
        return std::make_unique<Shape>(n);
    return std::make_unique<Hidden>(n);
}
int fold(int n)
{
    Sum<int> sum;
    for (int i = 0; i < n; i++)
        sum.add(i);
    return sum.map([](int x) { return x % 2 ? x : 0; }) + sum.total();
}
END
cat >src/stream.cpp <<'END'
#include <ostream>
#include <sstream>
#include <streambuf>
#include <string>
struct Buffer : std::streambuf {
    int_type overflow(int_type c) override { return c % 2 ? c : 'a'; }
};
struct Stream : std::ostream {
    Buffer buffer;
    Stream() : std::ostream(nullptr) { init(&buffer); }
    ~Stream() override { buffer.overflow(3); }
};
std::ostream *stream();
std::ostream *stream() { return new Stream; }
size_t text(int n);
size_t text(int n)
{
    std::ostringstream out;
    for (int i = 0; i < n; i++)
        out << "n " << i << std::string(i % 3, 'x');
    return out.str().size();
}
END
cat >src/main.cpp <<'END'
#include "shapes.h"
#include <ostream>
std::ostream *stream();
size_t text(int n);
int main()
{
    Sum<long> sum;
    Sum<int> more;
    for (int i = 0; i < 1000; i++) {
        std::unique_ptr<Named> a(named(i)->clone());
        std::unique_ptr<Sized> b(sized(i)->other());
        sum.add(a->name() + b->size());
        std::unique_ptr<std::ostream> c(stream());
        *c << i;
        more.add(fold(i % 10) + text(i % 5));
    }
    return sum.total() + sum.map([](long x) { return x / 2; }) + more.total() == 42;
}
END
cat >src/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(thunks CXX)
set(CMAKE_CXX_STANDARD 17)
add_executable(main main.cpp make.cpp stream.cpp)
include(PGO)
pgo_add_training(main COMMAND main)
END
for flags in "" -fPIC; do
    rm -rf build
    configure src build -DCMAKE_CXX_FLAGS=$flags
    works
    hasnt build/pgo/log/use.log "source locations" "coverage-mismatch"
done
