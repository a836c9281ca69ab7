@echo off
rem Windows: .\haopin status        What it does is in .ci\setup.py, as on other systems.
setlocal
set PYTHONUTF8=1
set HAOPIN_PYTHON=
if defined PYTHON set HAOPIN_PYTHON="%PYTHON%"
if not defined HAOPIN_PYTHON py -3 -c "" >nul 2>nul && set HAOPIN_PYTHON=py -3
if not defined HAOPIN_PYTHON python -c "" >nul 2>nul && set HAOPIN_PYTHON=python
if not defined HAOPIN_PYTHON goto none
%HAOPIN_PYTHON% "%~dp0.ci\setup.py" run %*
exit /b %errorlevel%

:none
for /f "tokens=2 delims=:." %%c in ('chcp') do set HAOPIN_CODEPAGE=%%c
chcp 65001 >nul
type "%~dp0.ci\no-python.txt"
chcp %HAOPIN_CODEPAGE% >nul
exit /b 2
